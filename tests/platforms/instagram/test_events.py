"""What the fixtures do not show: shapes nobody documented."""

import json
from typing import Any

import pytest

from socialai.domain.happening import Happening, Received, Unreadable
from socialai.errors import ParseError
from socialai.platforms.instagram import Instagram
from tests.platforms.instagram.sample import ACCOUNT, ANNA


def parse(payload: Any) -> list[Happening]:
    return Instagram.parse(json.dumps(payload).encode())


def delivery(*entries: Any) -> dict[str, Any]:
    return {"object": "instagram", "entry": list(entries)}


def entry(**content: Any) -> dict[str, Any]:
    return {"id": ACCOUNT, "time": 1763798400, **content}


def message(**changes: Any) -> dict[str, Any]:
    usual = {
        "sender": {"id": ANNA},
        "recipient": {"id": ACCOUNT},
        "timestamp": 1763798400000,
        "message": {"mid": "m_1", "text": "Hello"},
    }
    return {**usual, **changes}


def comment(**changes: Any) -> dict[str, Any]:
    usual = {"id": "178", "text": "Nice", "from": {"id": ANNA, "username": "anna"}, "media": {"id": "179"}}
    return {"field": "comments", "value": {**usual, **changes}}


@pytest.mark.parametrize("kind", ["page", "whatsapp_business_account", "", "Instagram"])
def test_a_delivery_of_another_product_is_not_understood(kind: str) -> None:
    with pytest.raises(ParseError, match="not about Instagram"):
        parse({"object": kind, "entry": []})


@pytest.mark.parametrize("timestamp", ["9" * 5000, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59", -1])
def test_an_absurd_time_costs_its_own_item_only(timestamp: Any) -> None:
    read = parse(delivery(entry(messaging=[message(timestamp=timestamp), message()])))
    assert [type(what) for what in read] == [Unreadable, Received]


@pytest.mark.parametrize("changes", [{"id": None}, {"from": 7}, {"text": []}, {"media": "179"}])
def test_a_bad_comment_costs_its_own_change_only(changes: dict[str, Any]) -> None:
    read = parse(delivery(entry(changes=[comment(**changes), comment()])))
    assert [type(what) for what in read] == [Unreadable, Received]


def test_messages_and_comments_of_one_entry_are_both_kept() -> None:
    read = parse(delivery(entry(messaging=[message()], changes=[comment()])))
    assert [what.external_id for what in read if isinstance(what, Received)] == ["m_1", "178"]


def test_a_change_whose_value_is_missing_is_unreadable_and_the_entry_is_told() -> None:
    read = parse(delivery(entry(changes=[comment(), {"field": "comments"}])))
    assert isinstance(read[1], Unreadable)
    assert read[1].reason.startswith("Entry 1, change 2")


def test_the_address_of_a_story_is_none_that_could_run_something() -> None:
    text = {"mid": "m_1", "text": "?", "reply_to": {"story": {"url": "javascript:alert(1)"}}}
    (read,) = parse(delivery(entry(messaging=[message(message=text)])))
    assert isinstance(read, Received)
    assert read.attachments[0].url is None
