"""What surrounds every answer: headers, caching, the description of the API, nothing from outside."""

import re
from collections.abc import Callable

import pytest

from tests.routes.conftest import Client, Headers

OUTSIDE = re.compile(r"""(?:src|href|url)\s*[=:(]\s*["']?(?:https?:)?//""")


@pytest.mark.parametrize(
    "path", ["/login", "/schema", "/schema/docs", "/static/docs.js", "/nothing", "/api/v1/me"]
)
def test_every_answer_is_hard_to_misuse(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_what_belongs_to_someone_is_kept_by_no_cache(
    client: Client, browser: Callable[[str], Headers]
) -> None:
    assert client.get("/api/v1/me", headers=browser("olga")).headers["cache-control"] == "no-store"
    assert client.get("/login").headers["cache-control"] == "no-store"


def test_an_asset_is_kept_for_ever_by_its_hash_only(client: Client) -> None:
    page = client.get("/schema/docs").text
    found = re.search(r'"(/static/docs\.js\?v=[0-9a-f]{16})"', page)
    assert found
    assert "immutable" in client.get(found[1]).headers["cache-control"]
    assert client.get("/static/docs.js").headers["cache-control"] == "no-cache"
    assert client.get("/static/none.js?v=1").headers["cache-control"] != "immutable"


@pytest.mark.parametrize("path", ["/static/../templates/login/page.html", "/static/%2e%2e/package.json"])
def test_only_assets_are_served_as_such(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_api_is_described_with_its_errors(client: Client) -> None:
    schema = client.get("/schema").json()
    assert schema["openapi"].startswith("3.1")
    assert not [path for path in schema["paths"] if "webhooks" in path or "login" in path]
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert operation.get("description") or operation["operationId"] == "alive"
    assert {"Problem", "Mistake", "PageOfLead"} <= schema["components"]["schemas"].keys()


def test_the_pages_before_a_session_ask_nothing_from_outside(client: Client) -> None:
    for path in ("/login", "/schema/docs", "/nothing"):
        assert not OUTSIDE.search(client.get(path, headers={"accept": "text/html"}).text), path


def test_webhooks_carry_nothing_but_their_work(client: Client) -> None:
    for route in client.app.routes:
        if route.path.startswith("/webhooks"):
            for handler in route.route_handlers:
                assert handler.resolve_middleware() == []
