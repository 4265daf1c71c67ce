"""What the fixtures do not show of X's events: shapes nobody documented, and whose they are."""

import json
from typing import Any

import pytest

from socialai.domain.happening import Ignored, Received, Unreadable
from socialai.errors import ParseError
from socialai.platforms.x import X
from tests.platforms.sample import fixtures
from tests.platforms.x.sample import ADA, SHOP


def parse(payload: Any) -> list[Any]:
    return X.parse(json.dumps(payload).encode())


def event(kind: str, payload: Any, **more: Any) -> dict[str, Any]:
    usual = {"event_uuid": "-1", "filter": {"user_id": SHOP}, "event_type": kind, "payload": payload}
    return {"data": {**usual, **more}}


def post(**changes: Any) -> dict[str, Any]:
    return {"id": "2080765813578191303", "author_id": ADA, "text": "hey", **changes}


@pytest.mark.parametrize(
    "payload",
    [
        {"data": []},
        {"data": None},
        {"data": {"payload": {}}},
        {"data": [{"id": "1"}]},
        {"errors": []},
        {"a": 1},
    ],
)
def test_what_is_no_event_of_xs_is_not_understood(payload: Any) -> None:
    with pytest.raises(ParseError, match="does not look like one of X's"):
        parse(payload)


@pytest.mark.parametrize("filter_", [None, {}, {"keyword": "boots"}])
def test_a_post_for_no_account_is_not_understood(filter_: Any) -> None:
    with pytest.raises(ParseError):
        parse(event("post.mention.create", post(), filter=filter_))


@pytest.mark.parametrize(
    "odd",
    [
        {"entities": 7},
        {"entities": {"mentions": "x"}},
        {"attachments": []},
        {"entities": {"urls": [{"url": 1}]}},
    ],
)
def test_what_is_odd_beside_the_text_costs_only_itself(odd: dict[str, Any]) -> None:
    (read,) = parse(event("post.mention.create", post(**odd), includes=[1]))
    assert isinstance(read, Received)
    assert read.text == "hey"


def test_a_person_who_wrote_under_several_ids_is_known_by_the_one_of_the_message() -> None:
    users = {ADA: {"data": {"id": "1", "name": "Ada", "username": "adalove"}}, "2": "nobody"}
    message = {
        "id": "2080765901528535096",
        "message_create": {
            "target": {"recipient_id": SHOP},
            "sender_id": ADA,
            "message_data": {"text": "hi"},
        },
    }
    payload = {"direct_message_events": [message], "users": users}
    (read,) = parse(event("dm.received", payload))
    assert isinstance(read, Received)
    assert (read.contact, read.profile and read.profile.name) == (ADA, "Ada")


def test_a_message_for_an_account_that_x_does_not_name_is_the_recipients() -> None:
    message = {
        "id": "1",
        "created_timestamp": 1784928203000,
        "message_create": {"target": {"recipient_id": int(SHOP)}, "sender_id": int(ADA)},
    }
    (read,) = parse({"direct_message_events": [message]})
    assert isinstance(read, Received)
    assert (read.channel, read.contact, read.kind) == (SHOP, ADA, "unsupported")


@pytest.mark.parametrize("number", ["", "x", None, True, [], {}])
def test_a_message_without_a_number_costs_its_own_item_only(number: Any) -> None:
    bad, good = ({"id": each, "message_create": None} for each in (number, "1"))
    read = parse(event("dm.received", {"direct_message_events": [bad, good]}))
    assert isinstance(read[1], Ignored)
    assert number in ("", "x") or isinstance(read[0], Unreadable)


@pytest.mark.parametrize(
    "kind", ["like.create", "follow.unfollow", "profile.update.handle", "broadcast.chat"]
)
def test_what_is_no_message_is_ignored_whatever_is_in_it(kind: str) -> None:
    for payload in (None, 7, [], {"id": "1"}):
        (read,) = parse(event(kind, payload))
        assert isinstance(read, Ignored)


@pytest.mark.parametrize("name", ["mention", "dm", "older_dm", "older_mention", "revoked", "older_revoked"])
def test_a_delivery_to_the_app_of_several_businesses_is_of_one_account(name: str) -> None:
    body = fixtures("x")[name].body
    assert X.split(body) == {SHOP: body}


def test_a_delivery_that_names_no_account_is_nobodys() -> None:
    with pytest.raises(ParseError):
        X.split(json.dumps(event("news.new", {}, filter={"keyword": "boots"})).encode())
