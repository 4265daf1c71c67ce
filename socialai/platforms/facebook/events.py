"""A delivery of the Messenger webhook: its happenings, in order."""

from collections.abc import Iterator

from msgspec import Raw

from socialai.domain.happening import Happening, Unreadable
from socialai.errors import ParseError
from socialai.platforms.facebook import ignored, items, wire
from socialai.platforms.facebook.wire import decode


def parse(body: bytes) -> list[Happening]:
    """Everything the delivery says; ParseError when none of it can be read."""
    delivery = _delivery(body)
    if delivery.object != "page":
        return [_not_a_page(delivery.object)]
    found = [what for number, raw in enumerate(delivery.entry, 1) for what in _entry(raw, f"Entry {number}")]
    if found and all(isinstance(what, Unreadable) for what in found):
        raise ParseError("; ".join(what.reason for what in found[:3] if isinstance(what, Unreadable)))
    return found or [ignored.nothing()]


def _delivery(body: bytes) -> wire.Delivery:
    try:
        return decode(body, wire.Delivery)
    except ParseError:
        return _mended(body)


def _mended(body: bytes) -> wire.Delivery:
    try:
        return decode(wire.whole(body), wire.Delivery)
    except ParseError as error:
        raise ParseError(f"The delivery does not look like one of Facebook's: {error}.") from None


def _not_a_page(kind: str) -> Happening:
    known = ignored.delivery(kind)
    if not known:
        raise ParseError(f"The delivery is about {kind[:40]!r}, not about a Page.")
    return known


def _entry(raw: Raw, where: str) -> Iterator[Happening]:
    try:
        entry = decode(raw, wire.Entry)
    except ParseError as error:
        yield Unreadable(reason=f"{where}: {error}")
        return
    page = None if entry.id is None else str(entry.id)
    contents = [(item, False) for item in entry.messaging or ()] + [
        (item, True) for item in entry.standby or ()
    ]
    for number, (item, standby) in enumerate(contents, 1):
        yield from _item(item, page, standby, f"{where}, item {number}")
    for number, change in enumerate(entry.changes or (), 1):
        yield _change(change, f"{where}, change {number}")


def _item(raw: Raw, page: str | None, standby: bool, where: str) -> list[Happening]:
    try:
        return items.read(raw, page, standby)
    except ParseError as error:
        return [Unreadable(reason=f"{where}: {error}")]


def _change(raw: Raw, where: str) -> Happening:
    try:
        return ignored.change(decode(raw, wire.Change).field)
    except ParseError as error:
        return Unreadable(reason=f"{where}: {error}")
