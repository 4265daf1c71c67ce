"""What the business said comes back: from this hub, or from a person past it."""

import sqlite3

from socialai.domain.conversation import Author
from socialai.domain.happening import Echoed
from socialai.domain.outbox import OutboxItem
from socialai.jobs.place import Place
from socialai.store import activities, conversations, messages, outbox, replies, tries

PREVIEW = 140


def echoed(happening: Echoed, place: Place) -> None:
    """Ours: proof that it arrived. A person's on the platform: the assistant is silent from here on."""
    if happening.key and (item := outbox.find_by_key(place.db, happening.key)):
        _arrived(happening, item, place)
        return
    conversation_id, channel_id = _answered_in(happening, place), place.channel.id
    thread = happening.thread.external_id if happening.thread else ""
    if place.is_ours(happening):
        place.kept.ignored += 1
        return
    if item := outbox.find_on_its_way(place.db, channel_id, conversation_id, thread, happening.text):
        _arrived(happening, item, place)
        return
    if conversation_id is None:
        place.kept.ignored += 1
        return
    # With a key of ours that we do not know, a hub sent it of which this file is an older copy.
    author: Author = "assistant" if happening.key else "user"
    if messages.add_echo(place.db, conversation_id, author, happening, place.event.id, place.now) is None:
        return
    conversations.touched(place.db, conversation_id, happening.text[:PREVIEW], happening.at)
    place.kept.touched.add(conversation_id)
    if author == "user":
        _taken_over(conversation_id, place)


def _answered_in(happening: Echoed, place: Place) -> int | None:
    """A public answer is in the conversation of the comment that it answers, whoever made that one."""
    if happening.contact:
        return place.ensure(happening)
    said = happening.reply_to and messages.find_on_channel(place.db, place.channel.id, happening.reply_to)
    return said.conversation_id if said else None


def _arrived(happening: Echoed, item: OutboxItem, place: Place) -> None:
    """Some platforms say so of each step of its way, in any order; what was settled stays so."""
    if item.external_id == happening.external_id and item.state in ("sent", "dead", "discarded"):
        return
    to = item.place
    messages.sent(place.db, to.message_id, happening.external_id, happening.at)
    if tries.sent(place.db, item.id, happening.external_id, happening.at):
        replies.finish(place.db, item.of_reply)
        place.kept.next_deliveries += _next(place.db, item.lane)
    place.kept.touched.add(to.conversation_id)


def _taken_over(conversation_id: int, place: Place) -> None:
    messages.mark_all_answered(place.db, conversation_id, place.now)
    replies.supersede(place.db, conversation_id)
    if conversations.taken_over_outside(place.db, conversation_id):
        text = "A person answered on the platform and took over"
        activities.add(place.db, conversation_id, "taken_over", text, place.now)


def _next(db: sqlite3.Connection, lane: str) -> list[int]:
    item_id = outbox.find_next(db, lane)
    return [] if item_id is None else [item_id]
