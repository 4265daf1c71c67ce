"""What became of a message of ours. With our own key in it, any of them proves that WhatsApp has it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Raw, Struct

from socialai.domain.happening import Delivered, Echoed, Failed, Happened, Happening, Ignored, Read, Thread
from socialai.platforms.meta.items import OURS
from socialai.platforms.meta.wire import instant
from socialai.platforms.reading import decode, name
from socialai.platforms.whatsapp import wire
from socialai.platforms.whatsapp.meanings import REFUSALS
from socialai.platforms.whatsapp.people import Who, whoever

_ON_ITS_WAY = Ignored(reason="WhatsApp has the message; that it arrives is told separately.")
_FAILED = "WhatsApp could not deliver the message."
_LONGEST_CODE = 9

H = TypeVar("H", bound=Happened)


class Around(Struct, frozen=True):
    channel: str
    status: wire.Status
    whom: Who
    thread: Thread | None
    at: datetime

    def say(self, what: type[H], /, **said: Any) -> H:
        return self.whom.say(what, channel=self.channel, at=self.at, thread=self.thread, **said)


def read(raw: Raw, channel: str, contacts: Sequence[wire.Contact]) -> list[Happening]:
    """ParseError when what is needed is missing."""
    status = decode(raw, wire.Status)
    external_id, key = name(status.id), status.biz_opaque_callback_data or ""
    if status.status == "sent" and not key.startswith(OURS):
        return [_ON_ITS_WAY]
    around = Around(channel, status, *_to(status, contacts), instant(name(status.timestamp)))
    ours: list[Happening] = []
    if key.startswith(OURS):
        ours = [around.say(Echoed, external_id=external_id, key=key)]
    if status.status == "sent":
        return ours
    reader = _READERS.get(status.status, _unknown)
    return [*ours, reader(around, external_id)]


def _to(status: wire.Status, contacts: Sequence[wire.Contact]) -> tuple[Who, Thread | None]:
    """In a group it is told of each who is in it, or of all of them."""
    if status.recipient_type != "group":
        return whoever(contacts, status.recipient_id, status.recipient_user_id), None
    one = whoever(contacts, status.recipient_participant_id, status.recipient_participant_user_id)
    return one, Thread(name(status.recipient_id))


def _delivered(around: Around, external_id: str) -> Happening:
    return around.say(Delivered, external_ids=(external_id,))


def _read(around: Around, external_id: str) -> Happening:
    return around.say(Read, external_id=external_id)


def _failed(around: Around, external_id: str) -> Happening:
    code = next((str(each.code) for each in around.status.errors if each.code is not None), None)
    known = code is not None and code.isdecimal() and len(code) <= _LONGEST_CODE
    meaning = REFUSALS.meanings.get((int(code), None)) if code and known else None
    reason = meaning.says if meaning else _FAILED
    return around.say(Failed, external_id=external_id, reason=reason, code=code)


def _unknown(around: Around, _external_id: str) -> Happening:
    state = around.status.status[:40] or "nothing in it"
    return Ignored(reason=f"A state of a message that the hub does not know: {state}.")


_READERS: Mapping[str, Callable[[Around, str], Happening]] = {
    "delivered": _delivered,
    "read": _read,
    "played": _read,
    "failed": _failed,
}
