"""Put the happenings of one event into the tenant's file. Everything here may run twice and changes
nothing the second time."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatch

from socialai.domain.channel import Channel
from socialai.domain.conversation import Author, Message
from socialai.domain.event import Event
from socialai.domain.happening import (
    Deleted,
    Delivered,
    Echoed,
    Edited,
    Happened,
    Happening,
    Ignored,
    Reacted,
    Read,
    Received,
    Unreadable,
)
from socialai.domain.outbox import OutboxItem
from socialai.store import (
    activities,
    channels,
    contacts,
    conversations,
    details,
    messages,
    outbox,
    recaps,
    replies,
)

_PREVIEW = 140
_NEEDS_NO_ANSWER = frozenset({"sticker"})


@dataclass
class Kept:
    """What came of an event: answers due, profiles to ask for, deliveries to go, problems for a person."""

    due: dict[int, datetime] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    strangers: list[int] = field(default_factory=list)
    next_deliveries: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ignored: int = 0


@dataclass(frozen=True)
class _Place:
    """Where a happening belongs."""

    db: sqlite3.Connection
    event: Event
    channel: Channel
    debounce: timedelta
    now: datetime
    kept: Kept

    def find(self, happening: Happened) -> int | None:
        return conversations.find_by_identity(self.db, self.channel.id, happening.contact)

    def ensure(self, happening: Happened) -> int:
        found = self.find(happening)
        if found is not None:
            return found
        contact_id = contacts.ensure(self.db, self.channel.id, happening.contact, self.now)
        if contacts.profile_due(self.db, contact_id, self.now):
            self.kept.strangers.append(contact_id)
        return conversations.ensure(self.db, self.channel.id, contact_id, self.now)

    def add(self, conversation_id: int, received: Received, *, needs_answer: bool) -> Message | None:
        """None when it was kept before."""
        event = self.event
        return messages.add_inbound(
            self.db, conversation_id, received, event.id, event.trace_id, self.now, needs_answer=needs_answer
        )

    def make_due(self, conversation_id: int) -> None:
        due_at = conversations.make_due(self.db, conversation_id, self.now, self.debounce)
        if due_at:
            self.kept.due[conversation_id] = due_at


def keep(
    db: sqlite3.Connection, event: Event, happenings: Sequence[Happening], debounce: timedelta, now: datetime
) -> Kept:
    kept = Kept()
    seen: dict[str, Channel | None] = {}
    for happening in happenings:
        if isinstance(happening, Ignored):
            kept.ignored += 1
        elif isinstance(happening, Unreadable):
            kept.problems.append(happening.reason)
        else:
            account = happening.channel
            if account not in seen:
                seen[account] = channels.find_by_account(db, event.platform, account)
            channel = seen[account]
            if channel is None:
                kept.problems.append(
                    f"The {event.platform} account {account} is not connected here. Connect it, then retry."
                )
            else:
                _keep(happening, _Place(db, event, channel, debounce, now, kept))
    for channel in filter(None, seen.values()):
        channels.saw_event(db, channel.id, now)
    return kept


@singledispatch
def _keep(happening: Happened, _place: _Place) -> None:
    raise TypeError(type(happening).__name__)


@_keep.register
def _received(happening: Received, place: _Place) -> None:
    conversation_id = place.ensure(happening)
    needs_answer = not happening.standby and happening.kind not in _NEEDS_NO_ANSWER
    message = place.add(conversation_id, happening, needs_answer=needs_answer)
    if message is None:
        return
    preview = happening.text or f"[{happening.kind}]"
    conversations.received(place.db, conversation_id, preview[:_PREVIEW], happening.at)
    place.kept.touched.add(conversation_id)
    if happening.standby:
        activities.add(
            place.db,
            conversation_id,
            "standby",
            "Another app has this thread, so it is not answered",
            place.now,
        )
    elif needs_answer:
        place.make_due(conversation_id)


@_keep.register
def _echoed(happening: Echoed, place: _Place) -> None:
    """Ours: proof that it arrived. A person's on the platform: the assistant is silent from here on."""
    if happening.key and (item := outbox.find_by_key(place.db, happening.key)):
        _arrived(happening, item, place)
        return
    conversation_id = place.ensure(happening)
    # With a key of ours that we do not know, a hub sent it of which this file is an older copy.
    author: Author = "assistant" if happening.key else "user"
    if messages.add_echo(place.db, conversation_id, author, happening, place.event.id, place.now) is None:
        return
    conversations.touched(place.db, conversation_id, happening.text[:_PREVIEW], happening.at)
    place.kept.touched.add(conversation_id)
    if author == "user":
        _taken_over(conversation_id, place)


def _arrived(happening: Echoed, item: OutboxItem, place: _Place) -> None:
    messages.sent(place.db, item.message_id, happening.external_id, happening.at)
    if outbox.sent(place.db, item.id, happening.external_id, happening.at):
        replies.finish(place.db, item.reply_id)
        place.kept.next_deliveries += _next(place.db, item.conversation_id)
    place.kept.touched.add(item.conversation_id)


def _taken_over(conversation_id: int, place: _Place) -> None:
    messages.mark_all_answered(place.db, conversation_id, place.now)
    replies.supersede(place.db, conversation_id)
    if conversations.taken_over_outside(place.db, conversation_id):
        text = "A person answered on the platform and took over"
        activities.add(place.db, conversation_id, "taken_over", text, place.now)


@_keep.register
def _edited(happening: Edited, place: _Place) -> None:
    """The words as they are now; what was not answered yet is answered as edited."""
    conversation_id = place.ensure(happening)
    message = messages.find(place.db, conversation_id, happening.external_id)
    if message is None:
        _received(_as_received(happening), place)
        messages.mark_edited(place.db, conversation_id, happening.external_id, happening.at)
        return
    is_older = message.edited_at is not None and happening.at <= message.edited_at
    if message.text == happening.text or message.deleted_at or is_older:
        return
    messages.edit(place.db, message, happening.text, happening.at)
    _forget(place.db, message)
    conversations.changed(place.db, conversation_id)
    draft = replies.find_draft(place.db, conversation_id)
    if draft and not draft.edited_at and message.answered_at == draft.created_at:
        messages.unmark_answered(place.db, message.id)
        place.make_due(conversation_id)
    place.kept.touched.add(conversation_id)


@_keep.register
def _deleted(happening: Deleted, place: _Place) -> None:
    conversation_id = place.ensure(happening)
    message = messages.find(place.db, conversation_id, happening.external_id)
    if message is None:
        message = place.add(conversation_id, _as_received(happening), needs_answer=False)
    if message is None or message.deleted_at:
        return
    messages.delete(place.db, message.id, happening.at)
    _forget(place.db, message)
    conversations.changed(place.db, conversation_id)
    if not messages.unanswered(place.db, conversation_id):
        conversations.nothing_due(place.db, conversation_id)
    place.kept.touched.add(conversation_id)


@_keep.register
def _reacted(happening: Reacted, place: _Place) -> None:
    conversation_id = place.find(happening)
    message = conversation_id and messages.find(place.db, conversation_id, happening.external_id)
    if conversation_id and message:
        messages.react(place.db, message.id, happening.emoji)
        place.kept.touched.add(conversation_id)
    else:
        place.kept.ignored += 1


@_keep.register
def _delivered(happening: Delivered, place: _Place) -> None:
    if conversation_id := place.find(happening):
        messages.delivered(place.db, conversation_id, happening)
        place.kept.touched.add(conversation_id)


@_keep.register
def _read(happening: Read, place: _Place) -> None:
    if conversation_id := place.find(happening):
        messages.read(place.db, conversation_id, happening.watermark)
        place.kept.touched.add(conversation_id)


def _forget(db: sqlite3.Connection, message: Message) -> None:
    """What was remembered of its words, which nobody says any more."""
    details.forget_message(db, message.id)
    recaps.without(db, message.conversation_id, message.id)


def _as_received(happening: Edited | Deleted) -> Received:
    """Platforms promise no order: the change came before the message it changes."""
    return Received(
        channel=happening.channel,
        contact=happening.contact,
        at=happening.at,
        external_id=happening.external_id,
        kind="text",
        text=happening.text if isinstance(happening, Edited) else "",
    )


def _next(db: sqlite3.Connection, conversation_id: int) -> list[int]:
    item_id = outbox.find_next(db, conversation_id)
    return [] if item_id is None else [item_id]
