"""What the fixtures do not show: shapes nobody documented, and hostile input."""

import json
from typing import Any

import pytest
from hypothesis import given

from socialai.domain.happening import Happening, Ignored, Received, Unreadable
from socialai.errors import ParseError
from socialai.platforms.facebook import Facebook
from tests.platforms.facebook.sample import ANNA, PAGE
from tests.platforms.test_hostile import JSON, read_or_refused, unhurried


def parse(payload: Any) -> list[Happening]:
    return Facebook.parse(json.dumps(payload).encode())


def message(**changes: Any) -> dict[str, Any]:
    content = {"mid": "m_anna-1", "text": "Hello"}
    usual = {
        "sender": {"id": ANNA},
        "recipient": {"id": PAGE},
        "timestamp": 1763798400000,
        "message": content,
    }
    return {**usual, **changes}


def delivery(*items: Any) -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": PAGE, "time": 1763798400000, "messaging": list(items)}]}


@pytest.mark.parametrize("kind", ["instagram", "whatsapp_business_account", "", "page "])
def test_a_delivery_of_another_product_is_not_understood(kind: str) -> None:
    with pytest.raises(ParseError, match="not about Facebook"):
        parse({"object": kind, "entry": []})


@pytest.mark.parametrize("entry", [None, {}, "text", 7])
def test_a_delivery_without_a_list_of_entries_is_not_understood(entry: Any) -> None:
    with pytest.raises(ParseError, match="does not look like one of Facebook's"):
        parse({"object": "page", "entry": entry})


def test_a_delivery_of_which_nothing_can_be_read_names_its_items() -> None:
    with pytest.raises(ParseError, match="Entry 1, item 1: an id is missing; Entry 1, item 2"):
        parse(delivery(message(sender={}), message(timestamp="noon")))


@pytest.mark.parametrize(
    "timestamp", [-1, 4_102_444_800_000, 10**30, -(10**30), "9" * 5000, "", "noon", None, 1.5, True, [], {}]
)
def test_an_absurd_time_costs_its_own_item_only(timestamp: Any) -> None:
    bad, good = message(timestamp=timestamp), message()
    assert [type(what) for what in parse(delivery(bad, good))] == [Unreadable, Received]


@pytest.mark.parametrize(
    "sender", [None, {}, {"id": None}, {"id": ""}, {"id": True}, {"id": 1.5}, {"id": []}, "7"]
)
def test_a_message_of_nobody_costs_its_own_item_only(sender: Any) -> None:
    assert [type(what) for what in parse(delivery(message(sender=sender), message()))] == [
        Unreadable,
        Received,
    ]


def test_null_is_the_same_as_absent() -> None:
    read = parse(delivery(message(postback=None, read=None)))
    assert [what.text for what in read if isinstance(what, Received)] == ["Hello"]


def test_half_an_emoji_costs_only_itself() -> None:
    body = json.dumps(delivery(message())).replace("Hello", "Thank you \\ud83d").encode()
    read = Facebook.parse(body)
    assert [what.text for what in read if isinstance(what, Received)] == ["Thank you ?"]


def test_two_kinds_in_one_item_are_both_kept() -> None:
    both = message(read={"watermark": 1763798399000})
    assert [type(what).__name__ for what in parse(delivery(both))] == ["Received", "Read"]


def test_a_message_the_page_sent_is_an_echo_even_unmarked() -> None:
    unmarked = message(sender={"id": PAGE}, recipient={"id": ANNA})
    assert [type(what).__name__ for what in parse(delivery(unmarked))] == ["Echoed"]


def test_an_attachment_of_an_unknown_shape_keeps_the_message() -> None:
    content = {"mid": "m_1", "text": "See", "attachments": [{"type": "hologram", "payload": {"url": 7}}]}
    (read,) = parse(delivery(message(message=content)))
    assert isinstance(read, Received)
    assert (read.text, [found.kind for found in read.attachments]) == ("See", ["hologram"])


def test_a_pressed_button_without_an_id_is_told_from_another() -> None:
    pressed = [message(message=None, postback={"payload": payload}) for payload in ("A", "B", "A")]
    one, other, again = (what.external_id for what in parse(delivery(*pressed)) if isinstance(what, Received))
    assert one == again
    assert one != other


def test_a_thousand_entries_are_all_read() -> None:
    entry = delivery(message())["entry"][0]
    assert len(parse({"object": "page", "entry": [entry] * 1000})) == 1000


def test_an_entry_without_content_is_ignored_with_a_reason() -> None:
    (read,) = parse({"object": "page", "entry": [{"id": PAGE, "time": 1}]})
    assert isinstance(read, Ignored)


@unhurried
@given(JSON)
def test_any_item_is_read_or_refused(item: Any) -> None:
    read_or_refused(Facebook, json.dumps(delivery(item)).encode())
