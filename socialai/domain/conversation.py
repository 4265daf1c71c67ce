"""All messages with one contact on one channel."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from socialai.domain.happening import Attachment, MessageKind
from socialai.domain.triage import Intent, Mood, Urgency

ConversationState = Literal["open", "escalated", "resolved"]
Author = Literal["contact", "assistant", "user"]


class Contact(Struct, frozen=True):
    """Nothing said before `forgotten_at` is remembered."""

    id: int
    created_at: datetime
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    profile: dict[str, str] = {}
    forgotten_at: datetime | None = None

    @property
    def has_profile(self) -> bool:
        return bool(self.email or self.phone or self.profile)


OUTSIDE = 0
"""The owner of a conversation that a person took over on the platform itself."""


class Conversation(Struct, frozen=True):
    """`version` counts what changes an answer; `owner_id` is the user who took it over, or OUTSIDE.

    `thread` is the post under which it is held in public, with what the post says; '' for private messages.
    """

    id: int
    channel_id: int
    contact_id: int
    state: ConversationState
    version: int
    unread: int
    preview: str
    last_message_at: datetime
    created_at: datetime
    escalation_reason: str | None = None
    owner_id: int | None = None
    intent: Intent | None = None
    mood: Mood | None = None
    urgency: Urgency | None = None
    last_contact_message_at: datetime | None = None
    answer_due_at: datetime | None = None
    waiting_since: datetime | None = None
    read_watermark: datetime | None = None
    delivered_watermark: datetime | None = None
    thread: str = ""
    thread_title: str | None = None
    thread_url: str | None = None

    @property
    def in_public(self) -> bool:
        return bool(self.thread)

    def window_ends_at(self, window: timedelta | None) -> datetime | None:
        """When the platform stops taking our answer; None: it has no window, or nobody wrote yet."""
        if window is None or self.last_contact_message_at is None:
            return None
        return self.last_contact_message_at + window


def answer_due(waiting_since: datetime, now: datetime, debounce: timedelta) -> datetime:
    """Once nothing came for `debounce`; at the latest five times that after the burst began."""
    return min(now + debounce, max(now, waiting_since + 5 * debounce))


class Message(Struct, frozen=True):
    """`external_id` is None until the platform has accepted ours. `private`: our private answer to a comment.

    `closed`: why the platform lets nobody answer it. `forgotten_at`: its words had to go by the platform's
    terms.
    """

    id: int
    conversation_id: int
    author: Author
    kind: MessageKind
    text: str
    sent_at: datetime
    created_at: datetime
    external_id: str | None = None
    user_id: int | None = None
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    reply_id: int | None = None
    event_id: int | None = None
    trace_id: str | None = None
    answered_at: datetime | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    reaction: str | None = None
    private: bool = False
    hidden_at: datetime | None = None
    closed: str | None = None
    forgotten_at: datetime | None = None


class Activity(Struct, frozen=True):
    """What happened to a conversation, as one plain line."""

    id: int
    kind: str
    text: str
    created_at: datetime
    user_id: int | None = None
