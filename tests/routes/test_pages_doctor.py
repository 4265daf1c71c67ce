"""The doctor as a page."""

from collections.abc import Callable

import pytest

from socialai.context import App
from tests.routes.conftest import Client, Headers


@pytest.fixture
def partial(browser: Callable[[str], Headers]) -> Headers:
    return browser("olga") | {"hx-request": "true"}


def test_an_owner_sees_what_is_broken_first_with_the_command(
    client: Client, partial: Headers, app: App
) -> None:
    app.files.app.write(lambda db: db.execute("delete from tenant where id = 'rival'"))
    (app.settings.data_dir / "secret.key").chmod(0o644)
    frame = client.get("/status/doctor", headers={**partial, "hx-request": ""} | {"accept": "text/html"})
    assert frame.status_code == 200
    found = client.get("/status/doctor", headers=partial).text
    assert "1 to put right" in found
    assert f"chmod 600 {app.settings.data_dir / 'secret.key'}" in found
    assert found.index("Secret.key") < found.index("App.db")
    (app.settings.data_dir / "secret.key").chmod(0o600)
    assert "Nothing is broken" in client.get("/status/doctor", headers=partial).text


def test_where_several_share_the_machine_nobody_sees_the_others(client: Client, partial: Headers) -> None:
    answer = client.get("/status/doctor", headers=partial)
    assert answer.status_code == 403
    assert "rival" not in answer.text
