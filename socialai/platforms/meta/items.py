"""One item of `messaging` or `standby`: what it says, in our words."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Raw, Struct

from socialai.domain.happening import (
    Attachment,
    Deleted,
    Delivered,
    Echoed,
    Edited,
    Happened,
    Happening,
    MessageKind,
    Reacted,
    Read,
    Received,
)
from socialai.platforms.meta import attachments, ignored, wire
from socialai.platforms.meta.wire import Change, Entry, instant
from socialai.platforms.reading import Id, decode, moment, name

OURS = "socialai:"
"""How the key of each message of ours begins; it comes back with the echo."""

FIELDS = frozenset(
    {
        *("messages", "message_echoes", "message_edit", "message_edits", "message_reactions"),
        *("message_reads", "messaging_seen", "message_deliveries", "messaging_postbacks"),
        *("messaging_referral", "messaging_referrals", "messaging_optins", "standby"),
    }
)
"""Fields whose change is an item as those of `messaging`: Meta's own test button writes them so, and it may
write echoes so."""
_HIDDEN_KIND = "unsupported_type"

H = TypeVar("H", bound=Happened)


class Around(Struct, frozen=True):
    """Who, when and where, around one item. `page` is the entry's id."""

    page: str | None
    sender: str
    recipient: str
    timestamp: Id | None
    standby: bool

    def by_page(self) -> bool:
        return self.sender == self.page

    def say(self, what: type[H], /, *, echo: bool = False, at: Id | None = None, **said: Any) -> H:
        """A happening between the Page and the contact; `at` is its time where the item itself has none."""
        channel, contact = self._sides(echo)
        return what(channel=channel, contact=contact, at=self._at(at), **said)

    def _sides(self, echo: bool) -> tuple[str, str]:
        """The Page and the contact: the entry's id tells, and where it is neither, the direction."""
        page_sent = echo if self.page not in (self.sender, self.recipient) else self.by_page()
        return (self.sender, self.recipient) if page_sent else (self.recipient, self.sender)

    def _at(self, instead: Id | None) -> datetime:
        return instant(name(self.timestamp if self.timestamp is not None else instead))


def read(raw: Raw, page: str | None, standby: bool) -> list[Happening]:
    """Everything one item says, or ParseError."""
    fields = decode(raw, dict[str, Raw])
    contents = {kind: field for kind, field in fields.items() if kind in _READERS and bytes(field) != b"null"}
    if not contents:
        return [ignored.item(fields)]
    found = decode(raw, wire.Envelope)
    sender = found.sender or wire.Party()
    if sender.id is None and sender.user_ref is not None:
        return [ignored.stranger()]
    recipient = found.recipient or wire.Party()
    around = Around(page, name(sender.id), name(recipient.id), found.timestamp, standby)
    return [_READERS[kind](field, around) for kind, field in contents.items()]


def of_change(change: Change, entry: Entry) -> list[Happening]:
    """What one of FIELDS says, or ParseError."""
    account = None if entry.id is None else str(entry.id)
    return read(change.value, account, standby=change.field == "standby")


def _message(raw: Raw, around: Around) -> Happening:
    message = decode(raw, wire.Message)
    if message.is_self:
        return ignored.to_itself()
    echo = bool(message.is_echo) or around.by_page()
    if message.is_deleted:
        return around.say(Deleted, echo=echo, external_id=name(message.mid))
    return _echoed(message, around) if echo else _received(message, around)


def _received(message: wire.Message, around: Around) -> Received:
    return around.say(
        Received,
        external_id=name(message.mid),
        kind=_kind(message),
        text=message.text or "",
        payload=message.quick_reply.payload if message.quick_reply else None,
        attachments=_attachments(message),
        reply_to=_text(message.reply_to.mid) if message.reply_to else None,
        standby=around.standby,
    )


def _echoed(message: wire.Message, around: Around) -> Echoed:
    metadata = message.metadata or ""
    return around.say(
        Echoed,
        echo=True,
        external_id=name(message.mid),
        text=message.text or "",
        attachments=_attachments(message),
        key=metadata if metadata.startswith(OURS) else None,
        app_id=_text(message.app_id),
    )


def _kind(message: wire.Message) -> MessageKind:
    found = message.attachments or []
    if message.quick_reply:
        return "quick_reply"
    if message.sticker_id is not None or any(map(attachments.is_sticker, found)):
        return "sticker"
    if message.text:
        return "unsupported" if message.is_unsupported else "text"
    shown = any(each.type != _HIDDEN_KIND for each in found)
    return "attachment" if shown and not message.is_unsupported else "unsupported"


def _attachments(message: wire.Message) -> tuple[Attachment, ...]:
    """With the story it answers, when it is one of ours."""
    found = attachments.read_all(message.attachments or ())
    story = message.reply_to and message.reply_to.story
    return (*found, attachments.story(story)) if story else found


def _message_edit(raw: Raw, around: Around) -> Edited:
    edit = decode(raw, wire.MessageEdit)
    return around.say(Edited, external_id=name(edit.mid), text=edit.text)


def _reaction(raw: Raw, around: Around) -> Reacted:
    reaction = decode(raw, wire.Reaction)
    emoji = None if reaction.action == "unreact" else reaction.emoji or reaction.reaction or "other"
    return around.say(Reacted, external_id=name(reaction.mid), emoji=emoji)


def _postback(raw: Raw, around: Around) -> Received:
    postback = decode(raw, wire.Postback)
    return around.say(
        Received,
        external_id=_text(postback.mid) or _press(postback, around),
        kind="postback",
        text=postback.title or "",
        payload=postback.payload,
        standby=around.standby,
    )


def _press(postback: wire.Postback, around: Around) -> str:
    """An id for a pressed button that came without one: the same again when the delivery is repeated."""
    facts = "\n".join((around.sender, name(around.timestamp), postback.payload or "", postback.title or ""))
    return "postback:" + hashlib.sha256(facts.encode()).hexdigest()[:40]


def _delivery(raw: Raw, around: Around) -> Delivered:
    receipt = decode(raw, wire.DeliveryReceipt)
    mids = tuple(map(name, receipt.mids or ()))
    watermark = moment(receipt.watermark)
    return around.say(Delivered, at=receipt.watermark, watermark=watermark, external_ids=mids)


def _read(raw: Raw, around: Around) -> Read:
    receipt = decode(raw, wire.ReadReceipt)
    if receipt.watermark is None:
        return around.say(Read, external_id=name(receipt.mid))
    return around.say(Read, at=receipt.watermark, watermark=moment(receipt.watermark))


def _text(value: Id | None) -> str | None:
    return None if value is None or value == "" else str(value)


_READERS: Mapping[str, Callable[[Raw, Around], Happening]] = {
    "message": _message,
    "message_edit": _message_edit,
    "reaction": _reaction,
    "postback": _postback,
    "delivery": _delivery,
    "read": _read,
}
