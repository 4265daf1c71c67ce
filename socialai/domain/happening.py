"""What an adapter reads out of one event, in our words.

Every happening names the channel (`channel`: the account's id on the platform), the contact (`contact`: their
id on the platform) and when it happened there (aware UTC). Where the platform does not tell the contact, it
is '' and the message's `external_id` says whose conversation it is.
"""

from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

UNTOLD = datetime(1970, 1, 1, tzinfo=UTC)
"""When it happened is not told: it is taken for when it arrived."""

MessageKind = Literal["text", "attachment", "postback", "quick_reply", "sticker", "unsupported"]


class Attachment(Struct, frozen=True):
    """`kind` is the platform's own word: image, video, audio, file, location, fallback, template.

    `ref` is what the platform gives the file out for where it has no address of its own.
    """

    kind: str
    url: str | None = None
    title: str | None = None
    ref: str | None = None


class Profile(Struct, frozen=True):
    """What the platform tells of a contact; `fields` may hold username, phone, locale and the like."""

    name: str | None = None
    fields: dict[str, str] = {}


class Thread(Struct, frozen=True):
    """The post under which people comment; private messages have none."""

    external_id: str
    title: str | None = None
    url: str | None = None


class Happened(Struct, frozen=True, kw_only=True):
    """`also` are other ids that the platform has for the same contact."""

    channel: str
    contact: str = ""
    at: datetime
    thread: Thread | None = None
    also: tuple[str, ...] = ()


class Received(Happened, frozen=True, kw_only=True, tag="received"):
    """A contact wrote. `standby`: another app holds the thread, so it is kept and not answered.

    `closed`: why the platform lets nobody answer this, as a plain sentence.
    """

    external_id: str
    kind: MessageKind
    text: str = ""
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    standby: bool = False
    closed: str | None = None
    profile: Profile | None = None


class Echoed(Happened, frozen=True, kw_only=True, tag="echoed"):
    """The business wrote. `key` is our outbox key when the hub sent it; None: a person or another app did.

    A public answer names no contact: it is theirs whose comment `reply_to` is.
    """

    external_id: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    key: str | None = None
    app_id: str | None = None
    reply_to: str | None = None


class Edited(Happened, frozen=True, kw_only=True, tag="edited"):
    external_id: str
    text: str


class Deleted(Happened, frozen=True, kw_only=True, tag="deleted"):
    external_id: str


class Hidden(Happened, frozen=True, kw_only=True, tag="hidden"):
    """A comment is seen by nobody but its author any more, or (`hidden` False) by all again."""

    external_id: str
    hidden: bool


class Reacted(Happened, frozen=True, kw_only=True, tag="reacted"):
    """`emoji` is None when the reaction was taken back."""

    external_id: str
    emoji: str | None


class Delivered(Happened, frozen=True, kw_only=True, tag="delivered"):
    """Everything of ours sent until `watermark`, and `external_ids`, reached the contact's device."""

    watermark: datetime | None = None
    external_ids: tuple[str, ...] = ()


class Read(Happened, frozen=True, kw_only=True, tag="read"):
    """Everything of ours sent until `watermark`, or until the message `external_id`, was read."""

    watermark: datetime | None = None
    external_id: str | None = None


class Failed(Happened, frozen=True, kw_only=True, tag="failed"):
    """The platform had accepted our message and could not deliver it. `reason` is a plain sentence."""

    external_id: str
    reason: str
    code: str | None = None


class Moved(Happened, frozen=True, kw_only=True, tag="moved"):
    """The contact has another id from now on; without a contact, the thread has."""

    to: str


class Noted(Happened, frozen=True, kw_only=True, tag="noted"):
    """Something a person should see in the conversation, as a plain sentence: no message, no answer.
    Without a contact it is for all conversations of the thread."""

    text: str


class Cut(Struct, frozen=True, kw_only=True, tag="cut"):
    """The account took the hub's access away. `reason` is a plain sentence."""

    channel: str
    at: datetime
    reason: str


class Ignored(Struct, frozen=True, kw_only=True, tag="ignored"):
    """Something we know and do not keep. `reason` is a plain sentence."""

    reason: str


class Unreadable(Struct, frozen=True, kw_only=True, tag="unreadable"):
    """One item we could not read: the event becomes a dead letter although its other happenings are kept."""

    reason: str


InConversation = (
    Received | Echoed | Edited | Deleted | Hidden | Reacted | Delivered | Read | Failed | Moved | Noted
)
Happening = InConversation | Cut | Ignored | Unreadable
