"""One of `messages`, or of `message_echoes`, which a person wrote in the WhatsApp Business app."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Raw, Struct

from socialai.domain.happening import (
    Deleted,
    Echoed,
    Edited,
    Happened,
    Happening,
    Ignored,
    Moved,
    Noted,
    Reacted,
    Received,
    Thread,
)
from socialai.platforms.meta.wire import instant
from socialai.platforms.reading import decode, name, optional
from socialai.platforms.whatsapp import content, wire
from socialai.platforms.whatsapp.people import Who, who

_WELCOME = Ignored(reason="The contact opened the chat for the first time and has not written yet.")
_NEW_KEY = "The contact's security code changed: they have a new phone, or the number has a new owner."
_CHANGED = "WhatsApp says that something about the contact changed."
_CALLS = {
    "accept": "The contact allows to be called on WhatsApp.",
    "reject": "The contact does not want to be called on WhatsApp.",
}

H = TypeVar("H", bound=Happened)


class Around(Struct, frozen=True):
    channel: str
    message: wire.Message
    parts: content.Parts
    who: Who
    at: datetime
    echo: bool

    def say(self, what: type[H], /, **said: Any) -> H:
        """In the group, where it was said in one."""
        group = self.message.group_id
        thread = None if group in (None, "") else Thread(str(group))
        return self.who.say(what, channel=self.channel, at=self.at, thread=thread, **said)


def read(raw: Raw, channel: str, contacts: Sequence[wire.Contact], *, echo: bool) -> list[Happening]:
    """ParseError when what is needed is missing."""
    message, parts = decode(raw, wire.Message), decode(raw, dict[str, Raw])
    if message.type == "request_welcome":
        return [_WELCOME]
    number = message.to if echo else message.sender
    user_id = message.to_user_id if echo else message.from_user_id
    found = who(contacts, number, user_id)
    around = Around(channel, message, parts, found, instant(name(message.timestamp)), echo)
    reader = _READERS.get(message.type)
    return reader(around) if reader else [_said(around)]


def _said(around: Around) -> Happening:
    said = content.read(around.message.type, around.parts)
    external_id, context = name(around.message.id), around.message.context
    reply_to = None if context is None or context.id in (None, "") else str(context.id)
    if around.echo:
        return around.say(
            Echoed,
            external_id=external_id,
            text=said.text,
            attachments=said.attachments,
            reply_to=reply_to,
        )
    return around.say(
        Received,
        external_id=external_id,
        kind=said.kind,
        text=said.text,
        payload=said.payload,
        attachments=said.attachments,
        reply_to=reply_to,
        profile=around.who.profile,
    )


def _interactive(around: Around) -> list[Happening]:
    found = optional(around.parts.get("interactive", Raw(b"null")), wire.Interactive)
    permission = found and found.call_permission_reply
    if not permission:
        return [_said(around)]
    return [around.say(Noted, text=_CALLS.get(permission.response, _CHANGED))]


def _reaction(around: Around) -> list[Happening]:
    reaction = decode(_part(around), wire.Reaction)
    return [around.say(Reacted, external_id=name(reaction.message_id), emoji=reaction.emoji or None)]


def _edit(around: Around) -> list[Happening]:
    edit = decode(_part(around), wire.Edit)
    inner = decode(edit.message, wire.Message)
    said = content.read(inner.type, decode(edit.message, dict[str, Raw]))
    return [around.say(Edited, external_id=name(edit.original_message_id), text=said.text)]


def _revoke(around: Around) -> list[Happening]:
    revoke = decode(_part(around), wire.Revoke)
    return [around.say(Deleted, external_id=name(revoke.original_message_id))]


def _system(around: Around) -> list[Happening]:
    """A new number, and with it a new user id; each of the two moves for itself."""
    system, message = decode(_part(around), wire.System), around.message
    old_number = message.sender if system.customer is None else system.customer
    number = system.wa_id if system.wa_id is not None else system.new_wa_id
    moves = [(old_number, number), (message.from_user_id, system.user_id)]
    found: list[Happening] = [
        Moved(channel=around.channel, contact=str(old), at=around.at, to=str(new))
        for old, new in moves
        if old not in (None, "") and new not in (None, "") and str(old) != str(new)
    ]
    return found or [around.say(Noted, text=_NEW_KEY if "identity" in system.type else _CHANGED)]


def _part(around: Around) -> Raw:
    return around.parts.get(around.message.type, Raw(b"null"))


_READERS: Mapping[str, Callable[[Around], list[Happening]]] = {
    "interactive": _interactive,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "system": _system,
}
