"""Leads, deliveries, channels, settings and people over the API."""

import base64
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from socialai.context import App
from socialai.domain.policy import Policy
from socialai.store import events
from tests import cast
from tests.conftest import Wire
from tests.routes.conftest import Client

Api = Callable[..., Any]
NEW = {"email": "Nora@Acme.example ", "name": "nora", "role": "agent", "password": "blue tomato soup"}


def test_leads_are_listed_best_first_and_converted_once(app: App, api: Api) -> None:
    assert [lead["score"] for lead in api("vera", "GET", "/leads").json()["items"]] == [72]
    assert api("vera", "GET", "/leads?temperature=hot").json()["items"] == []
    for _ in range(2):
        lead = api("anna", "POST", "/leads/1/convert").json()
        assert lead["converted_at"] == "2026-11-23T08:00:00.250000Z"
    assert api("vera", "GET", "/leads/1").json() == lead
    counted = app.metrics.registry.get_sample_value(
        "socialai_leads_converted_total", {"tenant_id": "acme", "source": "facebook"}
    )
    assert counted == 1


def test_events_are_listed_without_and_read_with_their_bodies(app: App, api: Api) -> None:
    listed = api("adam", "GET", "/events?state=dead").json()["items"]
    assert [(event["id"], event["state"]) for event in listed] == [(1, "dead")]
    assert "body" not in listed[0]
    assert api("adam", "GET", "/events?state=processed").json()["items"] == []
    read = api("adam", "GET", "/events/1").json()
    assert read["body"]["entry"] == [{"id": "1001"}]
    assert read["event"]["size"] > 0


@pytest.mark.parametrize("body", [b"\xff\x00", b"{", b"[" * 5000, b'"\xff"'])
def test_a_body_that_is_no_json_is_read_as_base64(app: App, api: Api, body: bytes) -> None:
    event_id = app.files.tenant("acme").write(lambda db: events.keep(db, "facebook", body, "t", app.clock()))
    read = api("adam", "GET", f"/events/{event_id}").json()
    assert base64.b64decode(read["base64"]) == body
    assert "body" not in read


def test_numbers_of_any_size_come_back_as_they_came(app: App, api: Api) -> None:
    body = b'{"id": 123456789012345678901234567890}'
    event_id = app.files.tenant("acme").write(lambda db: events.keep(db, "facebook", body, "t", app.clock()))
    assert api("adam", "GET", f"/events/{event_id}").json()["body"] == {"id": 123456789012345678901234567890}


def test_dead_letters_are_seen_retried_and_discarded(api: Api, ids: dict[str, cast.Ids]) -> None:
    item_id = ids["acme"].item_id
    letters = api("anna", "GET", "/dead-letters").json()["items"]
    assert {(letter["kind"], letter["id"]) for letter in letters} == {("event", 1), ("outbox", item_id)}
    assert api("anna", "POST", "/dead-letters/retry", json={"kind": "event", "ids": [1]}).status_code == 403
    retried = api("adam", "POST", "/dead-letters/retry", json={"kind": "event", "ids": [1, 77]})
    assert retried.json() == {"ids": [1]}
    done = api("adam", "POST", "/dead-letters/discard", json={"kind": "outbox", "ids": [item_id]})
    assert done.json() == {"ids": [item_id]}
    assert api("anna", "GET", "/dead-letters").json()["items"] == []
    assert api("adam", "GET", f"/outbox/{item_id}").json()["state"] == "discarded"
    assert api("adam", "GET", "/outbox?state=discarded").json()["items"][0]["error"] == "Facebook refused it."


def test_dead_letters_of_both_kinds_are_read_page_by_page(app: App, api: Api) -> None:
    """Each once, newest first, also when one of an earlier page is discarded meanwhile."""
    add_dead_events(app, 5)
    whole = api("anna", "GET", "/dead-letters").json()
    assert whole["next"] is None
    wanted = [(letter["kind"], letter["id"]) for letter in whole["items"]]
    assert len(wanted) == 7
    assert {kind for kind, _ in wanted} == {"event", "outbox"}
    seen: list[tuple[str, int]] = []
    cursor = ""
    while cursor is not None:
        answer = api("anna", "GET", f"/dead-letters?limit=2{cursor and '&cursor=' + cursor}").json()
        seen += [(letter["kind"], letter["id"]) for letter in answer["items"]]
        cursor = answer["next"]
        api("adam", "POST", "/dead-letters/discard", json={"kind": seen[0][0], "ids": [seen[0][1]]})
    assert seen == wanted


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    assert api("anna", "GET", "/dead-letters?cursor=NjQ=").status_code == 400


def add_dead_events(app: App, number: int) -> None:
    def run(db: sqlite3.Connection) -> None:
        for place in range(number):
            event_id = events.keep(db, "facebook", f"{place}".encode(), "t", app.clock())
            assert event_id
            events.bury(db, event_id, "It cannot be read.", app.clock())

    app.files.tenant("acme").write(run)


@pytest.mark.parametrize("ids", [[], [2**63], ["one"], [1] * 1001, None])
def test_dead_letters_are_named_by_their_ids(api: Api, ids: Any) -> None:
    answer = api("adam", "POST", "/dead-letters/retry", json={"kind": "event", "ids": ids})
    assert answer.status_code == 400


def test_a_channel_is_connected_without_ever_showing_its_secrets(app: App, api: Api) -> None:
    values = {"page_id": "5005", **cast.SECRETS}
    made = api("adam", "POST", "/channels", json={"platform": "facebook", "name": " Shop ", "values": values})
    assert made.status_code == 201
    channel = made.json()
    assert (channel["name"], channel["external_id"], channel["mode"]) == ("Shop", "5005", "draft")
    assert not {"page_token", "app_secret", "verify_token"} & channel["config"].keys()
    assert app.channels.adapter("acme", channel["id"]).config.app_secret == cast.SECRETS["app_secret"]
    assert len(api("vera", "GET", "/channels").json()["items"]) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"platform": "myspace"},
        {"name": "  "},
        {"values": {}},
        {"values": {"page_id": 5}},
        {"values": {"page_id": "a/b"}},
    ],
)
def test_a_channel_that_cannot_be_is_refused_without_echoing_secrets(
    api: Api, change: dict[str, Any]
) -> None:
    body = {"platform": "facebook", "name": "Shop", "values": {"page_id": "5005", **cast.SECRETS}} | change
    answer = api("adam", "POST", "/channels", json=body)
    assert answer.status_code in (400, 404)
    assert not [secret for secret in cast.SECRETS.values() if secret in answer.text]


def test_how_a_channel_answers_is_chosen(api: Api) -> None:
    changed = api("adam", "PATCH", "/channels/1", json={"mode": "auto"}).json()
    assert (changed["mode"], changed["auto_intents"]) == ("auto", ["sales", "support", "inquiry"])
    changed = api("adam", "PATCH", "/channels/1", json={"mode": "auto", "auto_intents": ["sales"]}).json()
    assert changed["auto_intents"] == ["sales"]
    assert (
        api("adam", "PATCH", "/channels/1", json={"mode": "auto", "auto_intents": ["joy"]}).status_code == 400
    )


def test_a_channel_is_checked_with_the_platform(api: Api, wire: Wire) -> None:
    assert api("adam", "POST", "/channels/1/check").json() == {"name": "Acme on Facebook"}
    dead = {
        "error": {
            "message": "Session has expired",
            "type": "OAuthException",
            "code": 190,
            "error_subcode": 463,
        }
    }
    wire.answer = lambda _: httpx.Response(400, json=dead)
    refused = api("adam", "POST", "/channels/1/check")
    assert (refused.status_code, refused.json()["outcome"]) == (502, "reauthorise")
    assert api("vera", "GET", "/channels/1").json()["state"] == "reauthorise"
    wire.answer = lambda _: httpx.Response(200, json={"name": "Acme"})
    assert api("adam", "POST", "/channels/1/check").json() == {"name": "Acme"}
    assert api("vera", "GET", "/channels/1").json()["state"] == "active"


def test_a_removed_channel_takes_its_conversations_along(api: Api) -> None:
    assert api("adam", "DELETE", "/channels/1").status_code == 204
    assert api("vera", "GET", "/channels").json()["items"] == []
    assert api("vera", "GET", "/conversations").json()["items"] == []


def test_the_settings_are_read_and_replaced(api: Api) -> None:
    policy = api("adam", "GET", "/policy").json()
    policy["voice"]["greeting"] = "Hello {name},"
    assert api("adam", "PUT", "/policy", json=policy).json() == policy
    assert api("adam", "GET", "/policy").json()["voice"]["greeting"] == "Hello {name},"
    assert api("adam", "PUT", "/policy", json={}).json() == json.loads(msgspec.json.encode(Policy()))


@pytest.mark.parametrize(
    "policy",
    [
        {"weights": {"intent": 50}},
        {"weights": {"intent": -1, "sentiment": 71}},
        {"weights": {"intent": 1e308}},
        {"thresholds": {"hot": 40, "warm": 60}},
        {"max_hits": 0},
        {"region": "usa"},
        {"confidence": 1.5},
        {"voice": {"languages": []}},
        {"voice": {"languages": ["xx"]}},
        {"order_patterns": ["AC-(\\d+"]},
        {"order_patterns": ["(a+)+b"]},
        {"order_patterns": [rf"\\d{{{least},4}}" for least in range(5)] * 5},
        {"unknown": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(api: Api, policy: dict[str, Any]) -> None:
    assert api("adam", "PUT", "/policy", json=policy).status_code == 400


def test_the_team_is_seen_grown_and_changed(api: Api, client: Client) -> None:
    assert {user["name"] for user in api("adam", "GET", "/users").json()["items"]} == set(cast.ACME)
    nora = api("adam", "POST", "/users", json=NEW).json()
    assert (nora["email"], nora["role"], nora["tenant_id"]) == ("nora@acme.example", "agent", "acme")
    path = f"/users/{nora['id']}"
    assert api("adam", "PATCH", path, json={"name": "Nora N", "role": "viewer"}).json()["role"] == "viewer"
    assert api("adam", "GET", path).json()["name"] == "Nora N"
    assert api("adam", "PATCH", path, json={}).status_code == 400
    assert api("adam", "POST", f"{path}/disable").json()["disabled_at"]
    right = {"email": "nora@acme.example", "password": "blue tomato soup"}
    assert client.post("/api/v1/auth/token", json=right).status_code == 401
    assert api("adam", "POST", f"{path}/enable").json()["disabled_at"] is None
    assert api("adam", "POST", f"{path}/password", json={"password": "red tomato soup 1"}).status_code == 200
    assert (
        client.post("/api/v1/auth/token", json=right | {"password": "red tomato soup 1"}).status_code == 200
    )


def test_an_admin_makes_no_owner_and_the_last_owner_stays(api: Api) -> None:
    assert api("adam", "POST", "/users", json=NEW | {"role": "owner"}).status_code == 403
    assert api("adam", "POST", "/users/1/disable").status_code == 403
    assert api("olga", "POST", "/users/1/disable").status_code == 409
    assert api("olga", "PATCH", "/users/1", json={"role": "viewer"}).status_code == 409


def test_an_address_of_anyone_is_taken(api: Api) -> None:
    taken = api("adam", "POST", "/users", json=NEW | {"email": "rita@rival.example"})
    assert taken.status_code == 409


def test_one_changes_ones_own_password_and_leaves_everywhere(api: Api, client: Client) -> None:
    wrong = {"current": "not this one 1", "new": "purple tomato soup"}
    assert api("vera", "POST", "/me/password", json=wrong).status_code == 400
    right = {"current": cast.PASSWORD, "new": "purple tomato soup"}
    assert api("vera", "POST", "/me/password", json=right).status_code == 204
    assert api("vera", "GET", "/me").status_code == 401
    assert api("anna", "POST", "/me/sign-out").status_code == 204
    assert api("anna", "GET", "/me").status_code == 401


def test_me_says_who_and_what_they_may(api: Api) -> None:
    me = api("vera", "GET", "/me").json()
    assert (me["name"], me["role"], me["tenant_id"]) == ("vera", "viewer", "acme")
    assert "conversations:write" not in me["permissions"]
