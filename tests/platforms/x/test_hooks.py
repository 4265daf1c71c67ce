"""Where X delivers, and of what."""

from typing import Any

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.x.hooks import EVENTS
from tests.platforms.wire import Wire
from tests.platforms.x.sample import CONFIG, NOW, SHOP, adapter

URL = "https://hub.example.com/webhooks/x/acme"
HOOK: dict[str, Any] = {"id": "9", "url": URL, "valid": True, "created_at": "2026-07-01T00:00:00Z"}


def ok(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def subscribed(*events: str, user: str = SHOP, hook: str = "9") -> list[dict[str, Any]]:
    return [{"event_type": event, "filter": {"user_id": user}, "webhook_id": hook} for event in events]


def test_a_new_address_is_registered_and_every_event_subscribed_to() -> None:
    wire = Wire(ok(), ok(**HOOK), ok(), *(ok() for _ in EVENTS))
    adapter(wire).subscribe(URL)
    assert wire.body(1) == {"url": URL}
    bodies = [wire.body(number) for number in range(3, len(wire.requests))]
    assert bodies == [
        {"event_type": event, "filter": {"user_id": SHOP}, "webhook_id": "9"} for event in EVENTS
    ]
    tokens = [request.headers["authorization"].removeprefix("Bearer ") for request in wire.requests]
    assert tokens == [CONFIG.bearer_token] * 3 + [CONFIG.access_token] * len(EVENTS)


def test_what_is_so_already_stays_and_an_address_in_doubt_is_checked_again() -> None:
    there = subscribed(*EVENTS[1:]) + subscribed(EVENTS[0], user="7")
    wire = Wire(ok(data=[{**HOOK, "valid": False}]), ok(), ok(data=there), ok())
    adapter(wire).subscribe(URL)
    assert [(request.method, request.url.path) for request in wire.requests] == [
        ("GET", "/2/webhooks"),
        ("PUT", "/2/webhooks/9"),
        ("GET", "/2/activity/subscriptions"),
        ("POST", "/2/activity/subscriptions"),
    ]
    assert wire.body(3)["event_type"] == EVENTS[0]


def test_subscriptions_are_read_to_the_last_page() -> None:
    pages = [
        ok(data=subscribed(*EVENTS[:4]), meta={"next_token": "more"}),
        ok(data=subscribed(*EVENTS[4:]), meta={}),
    ]
    wire = Wire(ok(data=[HOOK]), *pages)
    adapter(wire).subscribe(URL)
    assert wire.query(2)["pagination_token"] == "more"


def test_without_the_apps_token_it_is_said_what_is_missing() -> None:
    x = adapter(Wire(), msgspec.structs.replace(CONFIG, bearer_token=""))
    with pytest.raises(DeliveryError, match="bearer token"):
        x.subscribe(URL)
    assert [finding.state for finding in x.examine(URL, NOW)] == ["warn"]


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ([ok()], ["fix"]),
        ([ok(data=[{**HOOK, "url": "https://other.example/"}])], ["fix"]),
        ([ok(data=[HOOK]), ok(data=subscribed(*EVENTS))], ["ok", "ok"]),
        ([ok(data=[{**HOOK, "valid": False}]), ok(data=subscribed(*EVENTS))], ["fix", "ok"]),
        ([ok(data=[HOOK]), ok(data=subscribed(*EVENTS[1:]))], ["ok", "fix"]),
        ([ok(data=[HOOK]), ok(data=subscribed(*EVENTS, hook="8"))], ["ok", "fix"]),
    ],
)
def test_the_doctor_sees_what_x_delivers(answers: list[httpx.Response], states: list[str]) -> None:
    findings = adapter(Wire(*answers)).examine(URL, NOW)
    assert [finding.state for finding in findings] == states
    assert all(finding.says.endswith(".") for finding in findings)


def test_a_refusal_is_passed_on() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(httpx.Response(401))).examine(URL, NOW)
    assert error.value.outcome == "reauthorise"
