"""A delivery of Meta's webhooks: its happenings, in order."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec import Raw

from socialai.domain.happening import Happening, Unreadable
from socialai.errors import ParseError
from socialai.platforms.meta import ignored, items, wire
from socialai.platforms.meta.wire import Change, Entry
from socialai.platforms.reading import decode, decode_body, name

ReadChange = Callable[[Change, Entry], list[Happening]]
"""What one of the `changes` says; ParseError."""


def parse(body: bytes, kind: str, title: str, change: ReadChange) -> list[Happening]:
    """Everything a delivery about a `kind` of object says; ParseError when none of it can be read."""
    delivery = decode_body(body, wire.Delivery, title)
    if delivery.object != kind:
        return [_another(delivery.object, title)]
    found = [
        what
        for number, raw in enumerate(delivery.entry, 1)
        for what in _entry(raw, f"Entry {number}", change)
    ]
    if found and all(isinstance(what, Unreadable) for what in found):
        raise ParseError("; ".join(what.reason for what in found[:3] if isinstance(what, Unreadable)))
    return found or [ignored.nothing()]


def split(body: bytes, title: str) -> dict[str, bytes]:
    """The entries of each account, as a delivery of its own. ParseError."""
    delivery = decode_body(body, wire.Delivery, title)
    entries: dict[str, list[Raw]] = {}
    for raw in delivery.entry:
        entries.setdefault(name(decode(raw, Entry).id), []).append(raw)
    return {
        account: msgspec.json.encode(wire.Delivery(delivery.object, found))
        for account, found in entries.items()
    }


def _another(kind: str, title: str) -> Happening:
    known = ignored.delivery(kind)
    if not known:
        raise ParseError(f"The delivery is about {kind[:40]!r}, not about {title}.")
    return known


def _entry(raw: Raw, where: str, change: ReadChange) -> Iterator[Happening]:
    try:
        entry = decode(raw, Entry)
    except ParseError as error:
        yield Unreadable(reason=f"{where}: {error}")
        return
    account = None if entry.id is None else str(entry.id)
    contents = [(item, False) for item in entry.messaging or ()] + [
        (item, True) for item in entry.standby or ()
    ]
    for number, (item, standby) in enumerate(contents, 1):
        yield from _item(item, account, standby, f"{where}, item {number}")
    for number, raw_change in enumerate(entry.changes or (), 1):
        yield from _change(raw_change, entry, f"{where}, change {number}", change)
    if entry.field is not None:
        yield from _read(Change(entry.field, entry.value), entry, where, change)


def _item(raw: Raw, account: str | None, standby: bool, where: str) -> list[Happening]:
    try:
        return items.read(raw, account, standby)
    except ParseError as error:
        return [Unreadable(reason=f"{where}: {error}")]


def _change(raw: Raw, entry: Entry, where: str, change: ReadChange) -> list[Happening]:
    try:
        return _read(decode(raw, Change), entry, where, change)
    except ParseError as error:
        return [Unreadable(reason=f"{where}: {error}")]


def _read(found: Change, entry: Entry, where: str, change: ReadChange) -> list[Happening]:
    try:
        return change(found, entry)
    except ParseError as error:
        return [Unreadable(reason=f"{where}: {error}")]
