"""The shapes Meta sends, as far as we read them. Ids come as numbers or strings, absent or null alike."""

from datetime import datetime

from msgspec import Raw, Struct

from socialai.platforms.reading import Id, iso, moment

_SECONDS_END = 100_000_000_000
"""The year 5138 in seconds, 1973 in milliseconds."""
_LONGEST_TIME = 20


class Delivery(Struct):
    object: str
    entry: list[Raw]


class Entry(Struct):
    """`time` is in milliseconds beside `messaging` and in seconds beside `changes`. Instagram may put one
    change's `field` and `value` into the entry itself."""

    id: Id | None = None
    time: Id | None = None
    messaging: list[Raw] | None = None
    standby: list[Raw] | None = None
    changes: list[Raw] | None = None
    field: str | None = None
    value: Raw = Raw(b"null")


class Party(Struct):
    """`user_ref` stands in for the id of somebody who has not signed in to Messenger."""

    id: Id | None = None
    user_ref: Id | None = None


class Envelope(Struct):
    """What every item of `messaging` has around its content."""

    sender: Party | None = None
    recipient: Party | None = None
    timestamp: Id | None = None


class Change(Struct):
    field: str
    value: Raw = Raw(b"null")


class Coordinates(Struct):
    lat: float
    long: float


class Element(Struct):
    title: str | None = None
    image_url: str | None = None


class Product(Struct):
    elements: list[Element] = []


class Payload(Struct):
    url: str | None = None
    title: str | None = None
    sticker_id: Id | None = None
    coordinates: Coordinates | None = None
    elements: list[Element] = []
    product: Product | None = None


class Attachment(Struct):
    """`payload` is an object for most types and an opaque text for old fallbacks."""

    type: str
    payload: Raw = Raw()
    url: str | None = None
    title: str | None = None


class QuickReply(Struct):
    payload: str | None = None


class Story(Struct):
    url: str | None = None


class ReplyTo(Struct):
    """A message, or on Instagram a story of ours."""

    mid: Id | None = None
    story: Story | None = None


class Message(Struct):
    mid: Id
    text: str | None = None
    attachments: list[Attachment] | None = None
    quick_reply: QuickReply | None = None
    reply_to: ReplyTo | None = None
    sticker_id: Id | None = None
    is_echo: bool | None = None
    is_self: bool | None = None
    app_id: Id | None = None
    metadata: str | None = None
    is_deleted: bool | None = None
    is_unsupported: bool | None = None


class MessageEdit(Struct):
    mid: Id
    text: str


class Reaction(Struct):
    mid: Id
    action: str
    emoji: str | None = None
    reaction: str | None = None


class Postback(Struct):
    mid: Id | None = None
    title: str | None = None
    payload: str | None = None


class DeliveryReceipt(Struct):
    watermark: Id
    mids: list[Id] | None = None


class ReadReceipt(Struct):
    """Messenger tells until when, Instagram until which message."""

    watermark: Id | None = None
    mid: Id | None = None


def instant(written: Id) -> datetime:
    """A time in seconds, milliseconds or ISO 8601: only the size tells which."""
    text = str(written)
    if not text.isdecimal() or len(text) > _LONGEST_TIME:
        return moment(round(iso(text).timestamp() * 1000))
    count = int(text)
    return moment(count if count >= _SECONDS_END else count * 1000)
