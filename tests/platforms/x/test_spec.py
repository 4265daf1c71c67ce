"""Every request we make of X, held against X's own specification."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.platforms.base import Outgoing
from socialai.platforms.x.hooks import EVENTS
from tests.platforms.openapi import SPECS, Spec
from tests.platforms.wire import Wire
from tests.platforms.x.sample import ADA, NOW, POST, SHOP, adapter, in_public, outgoing

FILE = SPECS / "x" / "openapi-xdk-2026-07-25.json"
NEWER = {"dm.received", "dm.sent", "dm.read", "post.create", "post.delete"} | {
    "post.mention.create",
    "post.reply.create",
}
"""Events that X's documents of August 2026 name, and its specification of July does not yet."""

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"X's specification is not at {FILE}")


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec(FILE)


def ok(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def asked(wire: Wire) -> Iterator[httpx.Request]:
    assert wire.requests
    return iter(wire.requests)


def test_a_private_message(spec: Spec) -> None:
    wire = Wire(ok(data={"dm_event_id": "1"}))
    adapter(wire).send(outgoing(), NOW)
    assert [spec.check_request(each) for each in asked(wire)] == ["createDirectMessagesByParticipantId"]


def test_an_answer_in_public(spec: Spec) -> None:
    wire = Wire(ok(data={"id": "1", "text": "x"}))
    adapter(wire).send(in_public(), NOW)
    assert [spec.check_request(each) for each in asked(wire)] == ["createPosts"]


@pytest.mark.parametrize(
    ("said", "operation"),
    [(outgoing(), "getDirectMessagesEventsByParticipantId"), (in_public(), "getUsersPosts")],
)
def test_reading_back(spec: Spec, said: Outgoing, operation: str) -> None:
    wire = Wire(ok(meta={"next_token": "a" * 32}), ok(meta={}))
    adapter(wire).find_sent(said, NOW)
    assert [spec.check_request(each) for each in asked(wire)] == [operation, operation]


def test_asking_for_news(spec: Spec) -> None:
    start = adapter(Wire()).poll(None, NOW - timedelta(hours=1)).cursor
    pages = [ok(data=[{"id": "2080765901528535096"}], meta={"next_token": "a" * 32}) for _ in range(3)]
    wire = Wire(*pages, ok(), ok(), ok())
    x = adapter(wire)
    x.poll(x.poll(start, NOW).cursor, NOW)
    named = [spec.check_request(each) for each in asked(wire)]
    assert named == ["getDirectMessagesEvents", "getUsersMentions", "getUsersPosts"] * 2


def test_hiding_showing_and_deleting(spec: Spec) -> None:
    wire = Wire(ok(), ok(), ok())
    for deed in ("hide", "unhide", "delete"):
        adapter(wire).moderate(deed, POST, "")
    assert [spec.check_request(each) for each in asked(wire)] == [
        "hidePostsReply",
        "hidePostsReply",
        "deletePosts",
    ]


def test_who_is_who(spec: Spec) -> None:
    wire = Wire(ok(data={"id": SHOP, "name": "Northwind"}), ok(data={"id": ADA, "name": "Ada"}))
    adapter(wire).check()
    adapter(wire).profile(ADA)
    assert [spec.check_request(each) for each in asked(wire)] == ["getUsersMe", "getUsersById"]


def test_subscribing(spec: Spec) -> None:
    answers = [ok(), ok(data={"id": "1"}), ok(), *(ok() for _ in EVENTS)]
    wire = Wire(*answers)
    adapter(wire).subscribe("https://hub.example.com/webhooks/x/acme")
    older = spec.enumeration("ActivitySubscriptionCreateRequest", "event_type")
    assert set(EVENTS) - older == NEWER
    checked = [each for each in asked(wire) if not _is_newer(each)]
    named = [spec.check_request(each) for each in checked]
    assert named[:3] == ["getWebhooks", "createWebhooks", "getActivitySubscriptions"]
    assert set(named[3:]) == {"createActivitySubscription"}


def _is_newer(request: httpx.Request) -> bool:
    return any(f'"{event}"'.encode() in request.content for event in NEWER)


def test_the_check_of_requests_can_fail(spec: Spec) -> None:
    with pytest.raises(AssertionError):
        spec.check_request(httpx.Request("POST", "https://api.x.com/2/nothing"))
    with pytest.raises(ValueError, match="unexpected"):
        spec.check_request(
            httpx.Request("POST", "https://api.x.com/2/tweets", json={"reply": {"text": "no id"}})
        )
