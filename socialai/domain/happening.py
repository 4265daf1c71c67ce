"""What an adapter reads out of one event, in our words.

Every happening names the channel (`channel`: the account's id on the platform), the contact
(`contact`: their id on the platform) and when it happened there (aware UTC).
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

MessageKind = Literal["text", "attachment", "postback", "quick_reply", "sticker", "unsupported"]


class Attachment(Struct, frozen=True):
    """`kind` is the platform's own word: image, video, audio, file, location, fallback, template."""

    kind: str
    url: str | None = None
    title: str | None = None


class Happened(Struct, frozen=True, kw_only=True):
    channel: str
    contact: str
    at: datetime


class Received(Happened, frozen=True, kw_only=True, tag="received"):
    """A contact wrote. `standby`: another app holds the thread, so it is kept and not answered."""

    external_id: str
    kind: MessageKind
    text: str = ""
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    standby: bool = False


class Echoed(Happened, frozen=True, kw_only=True, tag="echoed"):
    """The business wrote. `key` is our outbox key when the hub sent it; None: a person or another app did."""

    external_id: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    key: str | None = None
    app_id: str | None = None


class Edited(Happened, frozen=True, kw_only=True, tag="edited"):
    external_id: str
    text: str


class Deleted(Happened, frozen=True, kw_only=True, tag="deleted"):
    external_id: str


class Reacted(Happened, frozen=True, kw_only=True, tag="reacted"):
    """`emoji` is None when the reaction was taken back."""

    external_id: str
    emoji: str | None


class Delivered(Happened, frozen=True, kw_only=True, tag="delivered"):
    """Everything of ours sent until `watermark`, and `external_ids`, reached the contact's device."""

    watermark: datetime
    external_ids: tuple[str, ...] = ()


class Read(Happened, frozen=True, kw_only=True, tag="read"):
    watermark: datetime


class Ignored(Struct, frozen=True, kw_only=True, tag="ignored"):
    """Something we know and do not keep. `reason` is a plain sentence."""

    reason: str


class Unreadable(Struct, frozen=True, kw_only=True, tag="unreadable"):
    """One item we could not read: the event becomes a dead letter although its other happenings are kept."""

    reason: str


Happening = Received | Echoed | Edited | Deleted | Reacted | Delivered | Read | Ignored | Unreadable
