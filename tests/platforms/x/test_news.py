"""Asking X for news: paid by what is read, page by page, nothing lost and nothing twice."""

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.domain.happening import Echoed, Happening, Received
from socialai.platforms.base import Polled
from socialai.platforms.x import X
from socialai.platforms.x.snowflake import first_of
from tests.platforms.wire import Wire
from tests.platforms.x.sample import ADA, NOW, SHOP, adapter

HOUR_AGO = NOW - timedelta(hours=1)


def at(minutes: float, number: int = 0) -> str:
    """An id of so many minutes before `NOW`."""
    return str(int(first_of(NOW - timedelta(minutes=minutes))) + number)


def dm(minutes: float, text: str = "hi", sender: str = ADA, **more: Any) -> dict[str, Any]:
    created = (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    usual = {"event_type": "MessageCreate", "dm_conversation_id": f"{SHOP}-{ADA}", "created_at": created}
    return {"id": at(minutes), "text": text, "sender_id": sender, **usual, **more}


def mention(minutes: float, **more: Any) -> dict[str, Any]:
    created = (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    usual = {"author_id": ADA, "text": "@northwindshop open?", "conversation_id": at(minutes, 1)}
    named = {"mentions": [{"start": 0, "end": 14, "username": "northwindshop", "id": SHOP}]}
    return {"id": at(minutes, 1), "created_at": created, "entities": named, **usual, **more}


def answer(minutes: float, **more: Any) -> dict[str, Any]:
    replied = [{"type": "replied_to", "id": "5"}]
    return {**mention(minutes), "id": at(minutes, 2), "author_id": SHOP, "referenced_tweets": replied, **more}


def page(*items: dict[str, Any], token: str = "", **more: Any) -> httpx.Response:
    meta = {"next_token": token} if token else {}
    return httpx.Response(200, json={"data": list(items), "meta": meta, **more})


def polled(cursor: str, *answers: httpx.Response) -> tuple[Polled, Wire]:
    wire = Wire(*answers)
    return adapter(wire).poll(cursor, NOW), wire


def start() -> str:
    return adapter(Wire()).poll(None, HOUR_AGO).cursor


def read(found: Polled) -> list[Happening]:
    return [what for body in found.bodies for what in X.parse(body)]


def test_the_first_time_costs_nothing_and_reads_nothing() -> None:
    wire = Wire()
    found = adapter(wire).poll(None, NOW)
    assert (found.bodies, found.cost, found.more, wire.requests) == ((), 0.0, False, [])


def test_what_was_said_is_read_oldest_first_in_the_shape_of_the_webhook() -> None:
    messages = page(dm(5, "And in blue?"), dm(20, "Yes.", SHOP), dm(30, "In stock?"))
    own = page({**answer(7), "id": at(7, 9), "referenced_tweets": []}, answer(8))
    found, _ = polled(start(), messages, page(mention(10)), own)
    said = read(found)
    assert [(type(what), what.text) for what in said if isinstance(what, Received | Echoed)] == [
        (Received, "In stock?"),
        (Echoed, "Yes."),
        (Received, "@northwindshop open?"),
        (Echoed, "@northwindshop open?"),
        (Received, "And in blue?"),
    ]
    assert found.cost == pytest.approx(3 * 0.010 + 3 * 0.001)


def test_what_the_webhook_brought_has_the_same_ids() -> None:
    found, _ = polled(start(), page(dm(5)), page(mention(6)), page())
    post, message = read(found)
    assert isinstance(message, Received)
    assert isinstance(post, Received)
    assert (message.channel, message.contact, message.external_id, message.thread) == (
        SHOP,
        ADA,
        at(5),
        None,
    )
    assert (post.channel, post.contact, post.external_id, post.closed) == (SHOP, ADA, at(6, 1), None)


def test_it_goes_on_after_what_was_read_but_for_the_last_minutes() -> None:
    found, _ = polled(start(), page(dm(30)), page(), page())
    again, wire = polled(found.cursor, page(dm(1), dm(30)), page(), page())
    assert [what.external_id for what in read(again) if isinstance(what, Received)] == [at(1)]
    assert wire.query(1)["since_id"] == first_of(HOUR_AGO)
    third, _ = polled(again.cursor, page(dm(1), dm(30)), page(), page())
    assert [what.external_id for what in read(third) if isinstance(what, Received)] == [at(1)]


def test_what_fills_several_pages_is_read_over_several_polls() -> None:
    newest, _ = polled(start(), page(dm(3), dm(5), token="older"), page(), page())
    assert newest.more
    rest, wire = polled(newest.cursor, page(dm(7), dm(70), token="oldest"), page(), page())
    assert wire.query(0)["pagination_token"] == "older"
    assert not rest.more
    ids = [what.external_id for found in (newest, rest) for what in read(found) if isinstance(what, Received)]
    assert ids == [at(5), at(3), at(7)]
    then, wire = polled(rest.cursor, page(dm(3), dm(5)), page(), page())
    assert then.bodies == []
    assert "pagination_token" not in wire.query(0)


def test_a_conversation_of_several_is_not_read() -> None:
    group = dm(5, dm_conversation_id="1811111111111111111")
    stranger = dm(6, dm_conversation_id="7-8", sender="7")
    assert polled(start(), page(group, stranger), page(), page())[0].bodies == []


def test_pictures_come_along_and_cost_too() -> None:
    keys = {"attachments": {"media_keys": ["3_1"]}}
    media = {"media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/a.jpg"}]}
    found, _ = polled(
        start(), page(dm(5, **keys), includes=media), page(mention(6, **keys), includes=media), page()
    )
    urls = [each.url for what in read(found) if isinstance(what, Received) for each in what.attachments]
    assert urls == ["https://pbs.twimg.com/a.jpg"] * 2
    assert found.cost == pytest.approx(0.010 + 0.001 + 2 * 0.005)


def test_the_cursor_is_text_that_can_be_kept() -> None:
    assert msgspec.json.decode(start())["messages"]["since"] == first_of(HOUR_AGO)
