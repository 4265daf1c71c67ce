"""Private messages, in the shape that both APIs share, and what was read of them."""

from datetime import datetime

from msgspec import Raw, Struct, field

from socialai.domain.happening import Echoed, Happening, Ignored, Read, Received
from socialai.platforms.reading import Id, decode, moment, name, optional
from socialai.platforms.x import media, people
from socialai.platforms.x.snowflake import time_of
from socialai.platforms.x.words import entities, plain

_TO_ITSELF = Ignored(reason="The account wrote to itself.")
_READ_BY_US = Ignored(reason="Somebody of the team read the conversation on X.")


class Target(Struct):
    recipient_id: Id | None = None


class QuickReply(Struct):
    metadata: str | None = None


class Data(Struct):
    text: str | None = None
    entities: Raw = Raw(b"null")
    attachment: Raw = Raw(b"null")
    quick_reply_response: Raw = Raw(b"null")


class Create(Struct):
    target: Target = field(default_factory=Target)
    sender_id: Id | None = None
    message_data: Data = field(default_factory=Data)


class Message(Struct):
    id: Id
    type: str = "message_create"
    created_timestamp: Id | None = None
    message_create: Create | None = None


class MarkRead(Struct):
    sender_id: Id | None = None
    created_timestamp: Id | None = None
    last_read_event_id: Id | None = None


def read(raw: Raw, account: str, users: dict[str, people.User]) -> Happening:
    """`account` '': X did not say whose event it is, so it is the recipient's. ParseError."""
    message = decode(raw, Message)
    created = message.message_create
    if created is None:
        return Ignored(
            reason=f"A change of a private conversation that the hub does not read: {message.type[:40]}."
        )
    sender, recipient = name(created.sender_id), name(created.target.recipient_id)
    channel = account or recipient
    if sender == recipient:
        return _TO_ITSELF
    number, data = name(message.id), created.message_data
    at = _time(message.created_timestamp, number)
    file, hidden = media.of_message(data.attachment)
    text = plain(data.text or "", entities(data.entities).urls or (), [hidden])
    files = (file,) if file else ()
    if sender == channel:
        return Echoed(
            channel=channel, contact=recipient, at=at, external_id=number, text=text, attachments=files
        )
    pressed = optional(data.quick_reply_response, QuickReply)
    return Received(
        channel=channel,
        contact=sender,
        at=at,
        external_id=number,
        kind="quick_reply" if pressed else "text" if text else "attachment" if files else "unsupported",
        text=text,
        payload=pressed.metadata if pressed else None,
        attachments=files,
        profile=people.told(users.get(sender)),
    )


def read_mark(raw: Raw, account: str) -> Happening:
    """The contact has read until a message of ours; ParseError."""
    mark = decode(raw, MarkRead)
    last, reader = name(mark.last_read_event_id), name(mark.sender_id)
    if reader == account:
        return _READ_BY_US
    return Read(channel=account, contact=reader, at=_time(mark.created_timestamp, last), external_id=last)


def _time(told: Id | None, number: str) -> datetime:
    return moment(told) if told is not None else time_of(number)
