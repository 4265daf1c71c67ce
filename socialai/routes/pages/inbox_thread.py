"""The thread: messages, what happened between them, and how far each of ours has come."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from socialai.channels import adapter_kind
from socialai.context import App
from socialai.domain.blob import Blob
from socialai.domain.channel import Channel
from socialai.domain.conversation import OUTSIDE, Activity, Contact, Conversation, Message
from socialai.domain.moderation import Deed
from socialai.domain.outbox import OutboxItem
from socialai.domain.reply import WRITTEN_BY, Reply
from socialai.platforms.base import Template
from socialai.routes.pages.inbox_evidence import Evidence, evidence
from socialai.routes.pages.inbox_possible import deeds
from socialai.routes.pages.inbox_tick import Tick, tick
from socialai.routes.pages.inbox_understood import Understood, understood
from socialai.routes.pages.inbox_window import (
    ReplyWindow,
    private_answer_ends_at,
    reply_window,
    template_instead,
    why_blocked,
)
from socialai.routes.pages.person import Person, person, team
from socialai.security.permissions import Principal
from socialai.store import (
    activities,
    blobs,
    channels,
    contacts,
    conversations,
    messages,
    outbox,
    replies,
    turns,
)

STEP = 100
_MOST = 5000


class Line(Struct, frozen=True):
    """A message with its author and tick, or an activity. `at` is when it stands in the thread."""

    at: datetime
    message: Message | None = None
    author: Person | None = None
    by: Literal["contact", "assistant", "colleague", "outside", "hub"] = "hub"
    tick: Tick | None = None
    activity: Activity | None = None
    understood: Understood | None = None


class Thread(Struct, frozen=True):
    conversation: Conversation
    contact: Person
    channel: Channel
    platform: str
    lines: list[Line]
    draft: Reply | None
    draft_by: str
    evidence: Evidence
    owner: str | None
    is_mine: bool
    window: ReplyWindow | None
    blocked: str | None
    template: Template | None
    private_until: datetime | None
    answered_in_private: bool
    files: dict[tuple[int, int], Blob]
    deeds: dict[int, list[Deed]]
    is_thinking: bool
    shown: int
    has_more: bool


def thread(app: App, who: Principal, conversation_id: int, shown: int = STEP) -> Thread:
    names = team(app, who.tenant_id)
    now = app.clock()
    return app.files.tenant(who.tenant_id).read(
        lambda db: _read(db, who, conversation_id, names, now, min(_MOST, max(STEP, shown)))
    )


def _read(
    db: sqlite3.Connection,
    who: Principal,
    conversation_id: int,
    names: dict[int, str],
    now: datetime,
    shown: int,
) -> Thread:
    conversation = conversations.get(db, conversation_id)
    channel = channels.get(db, conversation.channel_id)
    last = messages.find_last_of_contact(db, conversation_id)
    contact = contacts.get(db, conversation.contact_id)
    said = messages.messages(db, conversation_id, limit=shown + 1)
    draft = replies.find_draft(db, conversation_id)
    return Thread(
        conversation=conversation,
        contact=person(contact.id, contact.name),
        channel=channel,
        platform=adapter_kind(channel.platform).title,
        lines=_lines(db, said[-shown:], contact, names, has_more=len(said) > shown),
        draft=draft,
        draft_by=_written_by(db, draft),
        evidence=evidence(db, draft),
        owner=_owner(conversation, names),
        is_mine=conversation.owner_id == who.user_id,
        window=reply_window(conversation, channel.platform, now),
        blocked=why_blocked(conversation, channel, last, now),
        template=template_instead(conversation, channel, now),
        private_until=private_answer_ends_at(conversation, channel.platform, last),
        answered_in_private=last is not None and replies.answered_in_private(db, last),
        deeds=deeds(conversation, channel, said),
        files={(blob.message_id, blob.position): blob for blob in _files(db, said)},
        is_thinking=conversation.answer_due_at is not None,
        shown=shown,
        has_more=len(said) > shown,
    )


def _files(db: sqlite3.Connection, said: list[Message]) -> list[Blob]:
    return blobs.of_messages(db, [message.id for message in said if message.attachments])


def _written_by(db: sqlite3.Connection, draft: Reply | None) -> str:
    tier = turns.find_tier(db, draft.turn_id) if draft else None
    return WRITTEN_BY[tier] if tier else ""


def _owner(conversation: Conversation, names: dict[int, str]) -> str | None:
    if conversation.owner_id is None:
        return None
    return (
        names.get(conversation.owner_id, "A colleague")
        if conversation.owner_id != OUTSIDE
        else "Someone on the platform itself"
    )


def _lines(
    db: sqlite3.Connection, said: list[Message], contact: Contact, names: dict[int, str], has_more: bool
) -> list[Line]:
    items = _items(db, said)
    read = understood(db, said[0].conversation_id, names) if said else {}
    spoken = [
        replace(_said(message, contact, names, items.get(message.id)), understood=read.get(message.id))
        for message in said
    ]
    happened = activities.activities(db, said[0].conversation_id) if said else []
    between = (Line(activity.created_at, activity=activity) for activity in happened)
    since = spoken[0].at if spoken and has_more else None
    return sorted(
        [*spoken, *(line for line in between if since is None or line.at >= since)], key=lambda line: line.at
    )


def _items(db: sqlite3.Connection, said: Iterable[Message]) -> dict[int, OutboxItem]:
    reply_ids = list({message.reply_id for message in said if message.reply_id is not None})
    return {item.place.message_id: item for item in outbox.by_reply(db, reply_ids)}


def _said(message: Message, contact: Contact, names: dict[int, str], item: OutboxItem | None) -> Line:
    if message.author == "contact":
        return Line(message.sent_at, message, person(contact.id, contact.name), "contact")
    if message.author == "assistant":
        return Line(message.sent_at, message, None, "assistant", tick(message, item))
    if message.user_id is None:
        return Line(message.sent_at, message, None, "outside", tick(message, item))
    author = person(message.user_id, names.get(message.user_id), "A colleague")
    return Line(message.sent_at, message, author, "colleague", tick(message, item))
