"""Asking LinkedIn for what its webhook brings, where that is not granted."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.domain.happening import Edited, Happening, Received
from socialai.errors import DeliveryError
from socialai.platforms.base import Polled
from socialai.platforms.linkedin import LinkedIn
from tests.platforms.linkedin.sample import ANNA, NOW, PAGE, POST, adapter
from tests.platforms.sample import fixtures
from tests.platforms.wire import Wire

HOUR_AGO = NOW - timedelta(hours=1)


def milliseconds(minutes: float) -> int:
    return round((NOW - timedelta(minutes=minutes)).timestamp() * 1000)


def note(minutes: float, number: int, action: str = "COMMENT", text: str = "hi") -> dict[str, Any]:
    comment = {"owner": ANNA, "text": text, "entity": f"urn:li:comment:({POST},{number})", "object": POST}
    return {
        "notificationId": number,
        "organizationalEntity": PAGE,
        "action": action,
        "sourcePost": POST,
        "lastModifiedAt": milliseconds(minutes),
        "decoratedGeneratedActivity": {"comment": comment},
    }


def page(*elements: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"elements": list(elements)})


def start() -> str:
    return adapter(Wire()).poll(None, HOUR_AGO).cursor


def read(found: Polled) -> list[Happening]:
    return [what for body in found.bodies for what in LinkedIn.parse(body)]


def test_the_first_time_nothing_is_asked() -> None:
    wire = Wire()
    found = adapter(wire).poll(None, NOW)
    assert (found.bodies, found.cursor, wire.requests) == ((), str(milliseconds(0)), [])


def test_lists_ranges_and_names_are_written_as_linkedin_wants_them() -> None:
    wire = Wire(page())
    adapter(wire).poll(start(), NOW)
    assert wire.requests[0].url.raw_path.decode() == (
        "/rest/organizationalEntityNotifications?q=criteria"
        "&actions=List(COMMENT,ADMIN_COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE_MENTION)"
        "&organizationalEntity=urn%3Ali%3Aorganization%3A96072893"
        f"&timeRange=(start:{milliseconds(62)},end:{milliseconds(0)})&start=0&count=50"
    )


def test_what_happened_is_read_oldest_first_in_the_shape_of_the_webhook() -> None:
    wire = Wire(page(note(5, 1, "COMMENT_EDIT", "Norway?"), note(10, 1), note(20, 2, text="first")))
    found = adapter(wire).poll(start(), NOW)
    said = read(found)
    assert [(type(what), what.text) for what in said if isinstance(what, Received | Edited)] == [
        (Received, "first"),
        (Received, "hi"),
        (Edited, "Norway?"),
    ]
    assert (found.more, found.cost) == (False, 0.0)


def test_a_notification_that_was_asked_for_says_what_the_webhook_says() -> None:
    fixture = fixtures("linkedin")["comment"]
    found = adapter(Wire(page(*fixture.payload["notifications"]))).poll(start(), NOW)
    assert read(found) == fixture.becomes


def test_many_are_read_page_by_page_and_it_goes_on_where_it_ended() -> None:
    wire = Wire(page(*(note(9, number) for number in range(50))), page(note(8, 99)))
    found = adapter(wire).poll(start(), NOW)
    assert len(found.bodies) == 51
    assert "&start=50&count=50" in str(wire.requests[1].url)
    later = Wire(page())
    adapter(later).poll(found.cursor, NOW + timedelta(minutes=30))
    assert f"start:{milliseconds(2)}," in str(later.requests[0].url)


def test_one_without_a_time_is_read_all_the_same() -> None:
    odd = {key: value for key, value in note(5, 7095000000000000123).items() if key != "lastModifiedAt"}
    found = adapter(Wire(page(note(9, 1), {**note(8, 2), "lastModifiedAt": "noon"}, odd))).poll(start(), NOW)
    assert len(found.bodies) == 3


def test_a_refusal_leaves_the_cursor_where_it_is() -> None:
    for answer in (httpx.Response(403), httpx.Response(504), httpx.Response(200, text="<html>")):
        with pytest.raises(DeliveryError):
            adapter(Wire(answer)).poll(start(), NOW)
    full = [page(*(note(9, number) for number in range(50))) for _ in range(20)]
    with pytest.raises(DeliveryError):
        adapter(Wire(*full)).poll(start(), NOW)
