"""One change of a delivery: its messages, echoes and statuses, each for itself; or news of the account."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Raw, Struct

from socialai.domain.happening import Happening, Ignored, Unreadable
from socialai.errors import ParseError
from socialai.platforms.meta import ignored
from socialai.platforms.meta.wire import Change, Entry
from socialai.platforms.reading import decode, name
from socialai.platforms.whatsapp import account, messages, statuses, wire

_CONVERSATIONS = frozenset({"messages", "smb_message_echoes", "message_echoes"})

Contacts = Sequence[wire.Contact]


class Value(Struct, frozen=True):
    metadata: wire.Metadata = wire.Metadata()
    contacts: list[wire.Contact] = []
    messages: list[Raw] = []
    message_echoes: list[Raw] = []
    statuses: list[Raw] = []
    errors: list[wire.Error] = []


def read(change: Change, entry: Entry) -> list[Happening]:
    """ParseError when what is needed is missing."""
    if change.field not in _CONVERSATIONS:
        return account.read(change, entry)
    return list(_said(decode(change.value, Value))) or [ignored.nothing()]


def _said(value: Value) -> Iterator[Happening]:
    yield from _each(value, value.messages, "message", partial(messages.read, echo=False))
    yield from _each(value, value.message_echoes, "echo", partial(messages.read, echo=True))
    yield from _each(value, value.statuses, "status", statuses.read)
    for error in value.errors:
        yield Ignored(reason=f"WhatsApp tells of a problem of its own ({str(error.code)[:20]}).")


def _each(
    value: Value, items: Sequence[Raw], what: str, read: Callable[[Raw, str, Contacts], list[Happening]]
) -> Iterator[Happening]:
    for number, raw in enumerate(items, 1):
        try:
            yield from read(raw, name(value.metadata.phone_number_id), value.contacts)
        except ParseError as error:
            yield Unreadable(reason=f"{what} {number}: {error}")
