"""One app of the installation for several businesses: each is given what its own accounts were delivered."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from socialai.actions import channels as actions
from socialai.context import App
from socialai.errors import Conflict
from socialai.intake import Intake
from socialai.security.permissions import operator
from socialai.store import accounts, channels, events
from tests import cast
from tests.routes.conftest import Client

PATH = "/webhooks/facebook"
SECRET = "secret-of-the-installation"


@pytest.fixture
def hooks(app: App, client: Client) -> Client:
    """Acme's page and one of rival's are connected through the installation's app."""
    client.app.state["intake"] = Intake(app.files, app.tasks, app.clock)
    app.channels.apps.put_shared("facebook", {**cast.PLATFORM_APP, "app_secret": SECRET})
    app.files.app.write(lambda db: accounts.claim(db, "facebook", cast.PAGES["acme"], "acme"))
    return client


def item(page: str, mid: str) -> dict[str, Any]:
    ends = {"sender": {"id": "8001"}, "recipient": {"id": page}, "timestamp": 1763798400000}
    return {"id": page, "time": 1763798400000, "messaging": [{**ends, "message": {"mid": mid, "text": "hi"}}]}


def deliver(hooks: Client, *entries: dict[str, Any], secret: str = SECRET) -> int:
    body = json.dumps({"object": "page", "entry": list(entries)}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hooks.post(PATH, content=body, headers={"x-hub-signature-256": signature}).status_code


def kept(app: App) -> list[str]:
    found = app.files.tenant("acme").read(lambda db: events.events(db, "received"))
    return [event.body.decode() for event in found]


def test_each_business_is_given_its_own_and_nothing_of_the_others(app: App, hooks: Client) -> None:
    assert deliver(hooks, item(cast.PAGES["acme"], "m_1"), item("9999", "m_theirs")) == 200
    [body] = kept(app)
    assert "m_1" in body
    assert "m_theirs" not in body


def test_a_delivery_that_another_app_signed_is_refused(app: App, hooks: Client) -> None:
    secret = cast.SECRETS["app_secret"]
    assert deliver(hooks, item(cast.PAGES["acme"], "m_1"), secret=secret) == 401
    assert kept(app) == []


def test_it_answers_the_platforms_question(hooks: Client) -> None:
    word = cast.PLATFORM_APP["verify_token"]
    query = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "4711"}
    assert hooks.get(PATH, params=query).text == "4711"
    assert hooks.get(PATH, params={**query, "hub.verify_token": "guess"}).status_code == 401


@pytest.mark.parametrize("platform", ["telegram", "myspace"])
def test_without_an_app_there_is_no_such_address(hooks: Client, platform: str) -> None:
    assert hooks.post(f"/webhooks/{platform}", content=b"{}").status_code == 404


def test_what_cannot_be_read_is_turned_away(hooks: Client) -> None:
    for body in (b"nonsense", b'{"object": "page", "entry": [{}]}'):
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert hooks.post(PATH, content=body, headers={"x-hub-signature-256": signature}).status_code == 400


def test_an_account_belongs_to_one_business_until_it_is_disconnected(app: App, hooks: Client) -> None:
    page = cast.PAGES["acme"]
    with pytest.raises(Conflict, match="another business"):
        app.files.app.write(lambda db: accounts.claim(db, "facebook", page, "rival"))
    actions.disconnect(app, operator("acme"), 1)
    assert app.files.tenant("acme").read(channels.channels) == []
    app.files.app.write(lambda db: accounts.claim(db, "facebook", page, "rival"))
