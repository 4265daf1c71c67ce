"""What happened around the Page's posts since a moment, asked of LinkedIn: the same notifications as its
webhook brings, which not every app is granted.

Source: shared contract sheet; MS Learn, organizationalEntityNotifications. The cursor is the time until which
everything was read, in milliseconds.
"""

from datetime import datetime, timedelta

import msgspec
from msgspec import Raw, Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Polled
from socialai.platforms.calls import Calls
from socialai.platforms.linkedin import urns
from socialai.platforms.linkedin.events import TYPE
from socialai.platforms.reading import Id

_ACTIONS = "List(COMMENT,ADMIN_COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE_MENTION)"
_OVERLAP = timedelta(minutes=2)
"""LinkedIn shows a comment some seconds after it was written: a little is read again."""
_COUNT, _PAGES = 50, 20


class Notifications(Struct):
    elements: list[Raw] = []


class Dated(Struct):
    lastModifiedAt: Id = 0  # noqa: N815 - LinkedIn's name


def since(calls: Calls, organization: str, cursor: str | None, now: datetime) -> Polled:
    """None: everything from now on. DeliveryError."""
    until = _milliseconds(now)
    if cursor is None:
        return Polled((), str(until))
    start = int(cursor) - _OVERLAP // timedelta(milliseconds=1)
    found = sorted(_read(calls, organization, start, until), key=_time)
    return Polled([_delivery(raw) for raw in found], str(until))


def _read(calls: Calls, organization: str, start: int, end: int) -> list[Raw]:
    """LinkedIn wants the signs around lists and ranges as they are, so the query is written by hand."""
    found: list[Raw] = []
    for number in range(_PAGES):
        path = (
            f"rest/organizationalEntityNotifications?q=criteria&actions={_ACTIONS}"
            f"&organizationalEntity={urns.in_path(organization)}&timeRange=(start:{start},end:{end})"
            f"&start={number * _COUNT}&count={_COUNT}"
        )
        page = calls.understood(calls.repeat("GET", path), Notifications, "retry")
        found += page.elements
        if len(page.elements) < _COUNT:
            return found
    raise DeliveryError("retry", "More happened than LinkedIn tells at once.", code="too_much")


def _time(raw: Raw) -> int:
    try:
        return int(msgspec.json.decode(raw, type=Dated).lastModifiedAt)
    except ValueError:
        return 0


def _delivery(raw: Raw) -> bytes:
    return msgspec.json.encode({"type": TYPE, "notifications": [raw]})


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
