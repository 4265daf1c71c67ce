"""A channel's page tells how its token lives, asks for news as told, and has a doctor."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from socialai.actions import channel_doctor
from socialai.context import App
from socialai.intake import Intake
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import channels
from tests import cast
from tests.conftest import Wire
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
HUB = "https://hub.example"


class Outside:
    """Facebook, and the hub as the world sees it: `site` answers what comes to its public name."""

    def __init__(self, site: Client, clock: cast.Clock) -> None:
        self.site, self.clock = site, clock
        self.token: dict[str, Any] = {
            "is_valid": True,
            "scopes": [
                "pages_messaging",
                "pages_manage_metadata",
                "pages_read_engagement",
                "pages_read_user_content",
                "pages_manage_engagement",
            ],
        }
        self.fields = list(FIELDS)
        self.callback = f"{HUB}/webhooks/facebook/acme"
        self.changes = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "hub.example":
            return self._hub(request)
        path = request.url.path
        if request.method == "HEAD":
            return httpx.Response(200, headers={"date": format_datetime(self.clock.now, usegmt=True)})
        if path.endswith("/debug_token"):
            return httpx.Response(200, json={"data": self.token})
        if path.endswith("/subscriptions"):
            page = {"object": "page", "callback_url": self.callback, "active": True}
            return httpx.Response(200, json={"data": [page], "success": True})
        if path.endswith("/subscribed_apps"):
            return httpx.Response(200, json={"data": [{"subscribed_fields": self.fields}], "success": True})
        return httpx.Response(200, json={"id": "1001", "name": "Acme"})

    def _hub(self, request: httpx.Request) -> httpx.Response:
        content = request.content + (b" " if self.changes else b"")
        url = request.url.raw_path.decode()
        answer = self.site.request(request.method, url, content=content, headers=dict(request.headers))
        return httpx.Response(answer.status_code, content=answer.content)


FIELDS = (
    "messages messaging_postbacks message_echoes message_deliveries message_reads message_reactions "
    "message_edits feed mention"
).split()


@pytest.fixture
def settings(stage: Path, tmp_path: Path) -> Settings:
    """Reached from outside."""
    return Settings(data_dir=Path(shutil.copytree(stage, tmp_path / "data")), public_url=HUB)


@pytest.fixture
def outside(app: App, client: Client, wire: Wire, clock: cast.Clock) -> Outside:
    made = Outside(client, clock)
    wire.answer = made
    client.app.state["intake"] = Intake(app.files, app.tasks, app.clock)
    values = {"page_id": cast.PAGES["acme"], "app_id": "4711", **cast.SECRETS}
    app.channels.connect("acme", "facebook", "Acme on Facebook", values, clock())
    return made


@pytest.fixture
def found(app: App) -> Callable[[], dict[str, str]]:
    def run() -> dict[str, str]:
        findings = channel_doctor.examine(app, operator("acme"), 1)
        return {finding.about: f"{finding.state}: {finding.says}" for finding in findings}

    return run


def test_a_sound_connection_has_nothing_to_fix(outside: Outside, found: Callable[[], dict[str, str]]) -> None:
    told = found()
    assert {says.partition(":")[0] for about, says in told.items() if about != "Deliveries"} == {"ok"}
    assert "accepted and kept" in told["Signature"]
    assert "Write to the account" in told["Deliveries"]


def test_what_changes_deliveries_on_the_way_is_found(outside: Outside, found: Any) -> None:
    outside.changes = True
    assert found()["Signature"].startswith("fix: A signed test delivery was turned away (401).")


@pytest.mark.parametrize(
    ("change", "about", "says"),
    [
        ({"token": {"is_valid": False}}, "Token", "fix: Facebook does not accept the Page's token"),
        ({"token": {"is_valid": True, "scopes": []}}, "Permissions", "fix: Without pages_messaging"),
        (
            {"token": {"is_valid": True, "scopes": ["pages_messaging", "pages_manage_metadata"]}},
            "Permissions",
            "warn: Without pages_read_engagement",
        ),
        ({"fields": ["feed"]}, "Subscribed fields", "fix: The Page tells the app nothing of its messages."),
        ({"fields": ["messages"]}, "Subscribed fields", "warn: The Page does not tell: messaging_postbacks"),
        ({"callback": "https://old.example/"}, "Webhook", "fix: Facebook delivers to https://old.example/"),
    ],
)
def test_each_fault_is_named_with_what_to_do(
    outside: Outside, found: Any, change: dict[str, Any], about: str, says: str
) -> None:
    for name, value in change.items():
        setattr(outside, name, value)
    assert found()[about].startswith(says)


def test_a_clock_that_is_off_is_found(outside: Outside, found: Any, clock: cast.Clock) -> None:
    outside.clock = cast.Clock()
    outside.clock.wait(minutes=10)
    assert found()["Clock"].startswith("fix: This machine's clock is 10 minutes off.")


def test_a_platform_that_is_away_leaves_the_rest_to_be_seen(
    app: App, outside: Outside, found: Any, wire: Wire
) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        if request.url.host == "hub.example":
            return outside(request)
        raise httpx.ConnectError("no route")

    wire.answer = away
    told = found()
    assert told["Account"].startswith("warn: Facebook could not be reached")
    assert told["Signature"].startswith("ok")


def test_the_page_shows_findings_and_delivers_here(
    client: Client, browser: Browser, outside: Outside
) -> None:
    page = client.get("/channels/1", headers=browser("adam")).text
    assert "Connection doctor" in page
    partial = browser("adam") | {"hx-request": "true"}
    assert "All that is needed was granted." in client.post("/channels/1/doctor", headers=partial).text
    assert "delivers to this hub" in client.post("/channels/1/subscribe", headers=partial).text
    assert client.post("/channels/1/subscribe", headers=browser("anna")).status_code == 403


def test_a_token_that_ends_soon_is_said(app: App, client: Client, browser: Browser) -> None:
    def ends(days: float) -> str:
        at = app.clock() + timedelta(days=days)
        app.files.tenant("acme").write(lambda db: channels.set_token(db, 1, at, None))
        return client.get("/channels/1", headers=browser("adam")).text

    assert "Its token works for another 9 days" in ends(9.5)
    assert "Its token has ended." in ends(-1)


def test_asking_for_news_is_switched(app: App, client: Client, browser: Browser) -> None:
    def polls() -> str:
        return app.files.tenant("acme").read(lambda db: channels.get(db, 1)).polls

    client.post("/channels/1/polls", headers=browser("adam"), data={"polls": "off"})
    assert polls() == "off"
    assert app.files.tenant("acme").read(lambda db: channels.polls_due(db, app.clock())) == []
    client.post("/channels/1/polls", headers=browser("adam"), data={"polls": "nonsense"})
    assert polls() == "auto"


def test_the_shells_doctor_and_the_apis_say_the_same(
    client: Client, bearer: Callable[[str], Headers], outside: Outside, found: Any
) -> None:
    told = client.post("/api/v1/channels/1/doctor", headers=bearer("adam")).json()["items"]
    assert {each["about"] for each in told} == set(found())
    assert msgspec.json.encode(told)
