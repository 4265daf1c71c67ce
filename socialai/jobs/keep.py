"""Put the happenings of one event into the tenant's file. Everything here may run twice and changes
nothing the second time."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import singledispatch
from itertools import chain

from socialai.channels import adapter_kind
from socialai.domain.channel import Channel
from socialai.domain.event import Event
from socialai.domain.happening import (
    Cut,
    Deleted,
    Delivered,
    Edited,
    Failed,
    Happened,
    Happening,
    Hidden,
    Ignored,
    Moved,
    Noted,
    Reacted,
    Read,
    Received,
    Unreadable,
)
from socialai.jobs.keep_echo import PREVIEW, echoed
from socialai.jobs.place import Kept, Place
from socialai.store import (
    activities,
    blobs,
    channels,
    contacts,
    conversations,
    message_changes,
    messages,
    receipts,
    replies,
    tries,
    uploads,
)

_NEEDS_NO_ANSWER = frozenset({"sticker"})


def keep(
    db: sqlite3.Connection, event: Event, happenings: Sequence[Happening], debounce: timedelta, now: datetime
) -> Kept:
    kept = Kept()
    places: dict[str, list[Place]] = {}
    for happening in happenings:
        if isinstance(happening, Ignored):
            kept.ignored += 1
        elif isinstance(happening, Unreadable):
            kept.problems.append(happening.reason)
        else:
            account = happening.channel
            if account not in places:
                found = _channels(db, event, account)
                places[account] = [Place(db, event, channel, debounce, now, kept) for channel in found]
            for place in places[account]:
                _keep(happening, place)
            if not places[account]:
                title = adapter_kind(event.platform).title
                kept.problems.append(
                    f"The {title} account {account} is not connected here. Connect it, then retry."
                )
    for place in chain.from_iterable(places.values()):
        channels.saw_event(db, place.channel.id, now)
    return kept


def _channels(db: sqlite3.Connection, event: Event, account: str) -> list[Channel]:
    """One, but where an account of the platform holds several: access to it is access to all of them."""
    fields = adapter_kind(event.platform).account_fields
    return channels.by_account(db, event.platform, account, fields)


@singledispatch
def _keep(happening: Happened | Cut, _place: Place) -> None:
    raise TypeError(type(happening).__name__)


@_keep.register
def _received(happening: Received, place: Place) -> None:
    conversation_id = place.ensure(happening)
    needs_answer = not (happening.standby or happening.closed or happening.kind in _NEEDS_NO_ANSWER)
    message = place.add(conversation_id, happening, needs_answer=needs_answer)
    if message is None:
        return
    preview = happening.text or f"[{happening.kind}]"
    conversations.received(
        place.db, conversation_id, preview[:PREVIEW], happening.at, window=place.window(happening)
    )
    place.kept.touched.add(conversation_id)
    if happening.attachments:
        place.kept.files += blobs.expect(place.db, message, place.now)
        uploads.hand_over(place.db, message)
    if place.event.source == "poll":
        place.kept.recovered += 1
    if happening.standby:
        text = "Another app has this thread, so it is not answered"
        activities.add(place.db, conversation_id, "standby", text, place.now)
    elif needs_answer:
        place.make_due(conversation_id)


_keep.register(echoed)


@_keep.register
def _edited(happening: Edited, place: Place) -> None:
    """The words as they are now; what was not answered yet is answered as edited."""
    message = place.message(happening)
    if message is None:
        if happening.contact:
            _received(_as_received(happening), place)
            place.mark_edited(happening)
        return
    is_older = message.edited_at is not None and happening.at <= message.edited_at
    if message.deleted_at or is_older:
        return
    if message.text == happening.text:
        # What was so before this is older than it.
        place.mark_edited(happening)
        return
    conversation_id = message.conversation_id
    message_changes.edit(place.db, message, happening.text, happening.at)
    conversations.changed(place.db, conversation_id)
    draft = replies.find_draft(place.db, conversation_id)
    if draft and not draft.edited_at and message.answered_at == draft.created_at:
        messages.unmark_answered(place.db, message.id)
        place.make_due(conversation_id)
    place.kept.touched.add(conversation_id)


@_keep.register
def _deleted(happening: Deleted, place: Place) -> None:
    message = place.message(happening)
    if message is None and happening.contact:
        message = place.add(place.ensure(happening), _as_received(happening), needs_answer=False)
    if message is None or message.deleted_at:
        return
    conversation_id = message.conversation_id
    message_changes.delete(place.db, message, happening.at)
    conversations.changed(place.db, conversation_id)
    if not messages.unanswered(place.db, conversation_id):
        conversations.nothing_due(place.db, conversation_id)
    place.kept.touched.add(conversation_id)


@_keep.register
def _hidden(happening: Hidden, place: Place) -> None:
    message = place.message(happening)
    if message is None or happening.hidden == (message.hidden_at is not None):
        return
    message_changes.hide(place.db, message.id, happening.at if happening.hidden else None)
    conversations.changed(place.db, message.conversation_id)
    place.kept.touched.add(message.conversation_id)


@_keep.register
def _reacted(happening: Reacted, place: Place) -> None:
    if message := place.message(happening):
        message_changes.react(place.db, message.id, happening.emoji)
        place.kept.touched.add(message.conversation_id)
    else:
        place.kept.ignored += 1


@_keep.register
def _delivered(happening: Delivered, place: Place) -> None:
    for conversation_id in place.conversations_of(happening, happening.external_ids):
        receipts.delivered(place.db, conversation_id, happening)
        place.kept.touched.add(conversation_id)


@_keep.register
def _read(happening: Read, place: Place) -> None:
    if happening.watermark:
        if conversation_id := place.find(happening):
            receipts.read(place.db, conversation_id, happening.watermark)
            place.kept.touched.add(conversation_id)
    elif happening.external_id and (message := place.find_message(happening.external_id)):
        receipts.read(place.db, message.conversation_id, message.sent_at)
        place.kept.touched.add(message.conversation_id)


@_keep.register
def _failed(happening: Failed, place: Place) -> None:
    """It had been taken for sent: it is a dead letter after all."""
    item = tries.undo_sent(
        place.db, place.channel.id, happening.external_id, happening.reason, happening.code
    )
    if item is None:
        place.kept.ignored += 1
        return
    replies.finish(place.db, item.of_reply)
    conversation_id = item.place.conversation_id
    text = f"Not delivered: {happening.reason}"
    activities.add(place.db, conversation_id, "not_sent", text, place.now)
    place.kept.died += 1
    place.kept.touched.add(conversation_id)


@_keep.register
def _moved(happening: Moved, place: Place) -> None:
    if not happening.contact:
        _thread_moved(happening, place)
        return
    conversation_id = place.find(happening)
    if contacts.move(place.db, place.channel.id, happening.contact, happening.to) and conversation_id:
        text = "The contact has a new number or name on the platform"
        activities.add(place.db, conversation_id, "moved", text, place.now)
        place.kept.touched.add(conversation_id)


def _thread_moved(happening: Moved, place: Place) -> None:
    if happening.thread:
        old = happening.thread.external_id
        place.kept.touched |= conversations.move_thread(place.db, place.channel.id, old, happening.to)


@_keep.register
def _noted(happening: Noted, place: Place) -> None:
    found = place.all_of(happening)
    for conversation_id in found:
        activities.add_once(place.db, conversation_id, "noted", happening.text, happening.at)
        place.kept.touched.add(conversation_id)
    if not found:
        place.kept.ignored += 1


@_keep.register
def _cut(happening: Cut, place: Place) -> None:
    channels.set_state(place.db, place.channel.id, "reauthorise", happening.reason)
    place.kept.cut.append(place.channel.id)


def _as_received(happening: Edited | Deleted) -> Received:
    """Platforms promise no order: the change came before the message it changes."""
    return Received(
        channel=happening.channel,
        contact=happening.contact,
        at=happening.at,
        thread=happening.thread,
        also=happening.also,
        external_id=happening.external_id,
        kind="text",
        text=happening.text if isinstance(happening, Edited) else "",
    )
