"""What is remembered of a contact, over the API and in the panel beside the thread."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.memory import Line, Recap
from socialai.store import contacts, details, recaps
from tests import cast
from tests.routes.conftest import Client, Headers

Api = Callable[..., Any]
Press = Callable[..., Any]


@pytest.fixture
def acme(ids: dict[str, cast.Ids]) -> cast.Ids:
    return ids["acme"]


@pytest.fixture
def press(client: Client, browser: Callable[[str], Headers]) -> Press:
    """anna presses something in the panel of conversation 1."""

    def send(where: str, name: str = "anna", conversation: int = 1, **data: object) -> Any:
        headers = browser(name) | {"hx-request": "true"}
        return client.post(f"/inbox/{conversation}/{where}", headers=headers, data=data)

    return send


def recounted(app: App, acme: cast.Ids, at: datetime) -> None:
    before = Recap(acme.conversation_id)
    line = Line(acme.message_id, "contact", at, "Do you ship to Norway?")
    after = Recap(acme.conversation_id, (line,), "2026", acme.message_id)

    def run(db: Any) -> None:
        recaps.make_due(db, acme.conversation_id)
        assert recaps.put(db, before, after)

    app.files.tenant("acme").write(run)


def test_it_is_read_put_right_and_forgotten(api: Api, app: App, acme: cast.Ids) -> None:
    recounted(app, acme, app.clock())
    path = f"/contacts/{acme.contact_id}"
    read = api("vera", "GET", f"{path}/memory").json()
    assert [one["value"] for one in read["details"]] == ["Pays on invoice (1001)"]
    assert read["recaps"][0]["lines"][0]["text"] == "Do you ship to Norway?"

    added = api("anna", "POST", f"{path}/memory", json={"kind": "name", "value": " Ada  King "}).json()
    assert added["value"] == "Ada King"
    again = api("anna", "POST", f"{path}/memory", json={"kind": "name", "value": "Ada King"})
    assert again.status_code == 409
    changed = api("anna", "PATCH", f"/memory/{added['id']}", json={"value": "Ada Lovelace"})
    assert changed.json()["value"] == "Ada Lovelace"
    assert api("anna", "DELETE", f"/memory/{added['id']}").status_code == 204

    left = api("anna", "POST", f"{path}/forget").json()
    assert (left["details"], left["recaps"]) == ([], [])
    assert left["forgotten_at"]
    told = api("vera", "GET", f"/conversations/{acme.conversation_id}").json()
    assert told["messages"][0]["text"] == "Do you ship to Norway?"
    assert told["activities"][-1]["text"] == "anna had the contact forgotten"


@pytest.mark.parametrize("value", ["", "  ", "x" * 201])
def test_nonsense_is_not_remembered(api: Api, acme: cast.Ids, value: str) -> None:
    answer = api(
        "anna",
        "POST",
        f"/contacts/{acme.contact_id}/memory",
        json={"kind": "preference", "value": value},
    )
    assert answer.status_code == 400


def test_the_panel_shows_it_and_takes_changes(press: Press, app: App, acme: cast.Ids) -> None:
    recounted(app, acme, app.clock())
    text = press("memory", kind="preference", value="Likes <b>blue</b>").text
    assert "Likes &lt;b&gt;blue&lt;/b&gt;" in text
    assert "Earlier, in short" in text
    text = press(f"memory/{acme.detail_id}", value="Pays by card").text
    assert "Pays by card" in text
    assert "by your team" in text
    text = press(f"memory/{acme.detail_id}/forget").text
    assert "Pays by card" not in text
    text = press("forget").text
    assert "Likes" not in text
    assert "Earlier, in short" not in text


def test_who_only_watches_cannot_change_it(press: Press, client: Client, browser: Any) -> None:
    assert press("memory", name="vera", kind="name", value="Eve").status_code == 403
    shown = client.get("/inbox/1", headers=browser("vera")).text
    assert "Pays on invoice" in shown
    assert "Forget all" not in shown


def test_a_form_that_is_open_is_not_taken_away(client: Client, browser: Any) -> None:
    headers = browser("anna") | {"hx-request": "true"}
    assert 'id="side-1"' in client.get("/inbox/pulse?open=1", headers=headers).text
    assert 'id="side-1"' not in client.get("/inbox/pulse?open=1&holding=1", headers=headers).text


def test_a_detail_of_another_contact_is_not_changed_here(press: Press, app: App, acme: cast.Ids) -> None:
    def other(db: Any) -> int:
        contact_id = contacts.ensure(db, acme.channel_id, "7002", app.clock())
        return details.add(db, contact_id, "name", "Bo", acme.user_id, app.clock()).id

    detail_id = app.files.tenant("acme").write(other)
    assert press(f"memory/{detail_id}", value="Eve").status_code == 404
    assert press(f"memory/{detail_id}/forget").status_code == 404
