"""What one app of several businesses was delivered at once, parted by number."""

import msgspec
from msgspec import Raw, Struct

from socialai.platforms.meta import wire
from socialai.platforms.reading import decode, decode_body, name, optional
from socialai.platforms.whatsapp.wire import Metadata


class Value(Struct, frozen=True):
    metadata: Metadata = Metadata()


def split(body: bytes, title: str) -> dict[str, bytes]:
    """By the number's id, or the account's where no number is told. ParseError."""
    delivery = decode_body(body, wire.Delivery, title)
    parted: dict[str, list[Raw]] = {}
    for raw in delivery.entry:
        entry = decode(raw, wire.Entry)
        for change in entry.changes or ():
            content = {**decode(raw, dict[str, Raw]), "changes": [change]}
            parted.setdefault(_whose(change, entry), []).append(Raw(msgspec.json.encode(content)))
    return {
        account: msgspec.json.encode(wire.Delivery(delivery.object, entries))
        for account, entries in parted.items()
    }


def _whose(change: Raw, entry: wire.Entry) -> str:
    value = optional(decode(change, wire.Change).value, Value) or Value()
    return name(value.metadata.phone_number_id if value.metadata.phone_number_id is not None else entry.id)
