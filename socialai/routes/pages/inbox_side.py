"""The panel beside a thread: who they are, what was understood, why, and the way of the last message."""

import sqlite3
from datetime import datetime

from msgspec import Struct

from socialai.agents.recap import told as recounted
from socialai.context import App
from socialai.domain.conversation import Contact, Conversation, Message
from socialai.domain.lead import Lead
from socialai.domain.memory import Detail
from socialai.domain.reply import Reply, TurnRecord
from socialai.routes.pages.inbox_understood import Understood, understood
from socialai.routes.pages.inbox_way import Stop, way
from socialai.routes.pages.person import Person, person, team
from socialai.security.permissions import Principal
from socialai.store import (
    contacts,
    conversations,
    details,
    events,
    leads,
    messages,
    outbox,
    recaps,
    replies,
    turns,
    writings,
)


class Reason(Struct, frozen=True):
    """One part of a score: `points` of at most `most`; None when the sentence does not say."""

    why: str
    points: int | None = None
    most: int | None = None


class Side(Struct, frozen=True):
    conversation: Conversation
    contact: Contact
    shown_as: Person
    first_seen: datetime
    message_count: int
    turn: TurnRecord | None
    understood: Understood | None
    lead: Lead | None
    reasons: list[Reason]
    way: list[Stop]
    details: list[Detail]
    recap: tuple[str, ...]


def side(app: App, who: Principal, conversation_id: int) -> Side:
    names = team(app, who.tenant_id)
    return app.files.tenant(who.tenant_id).read(lambda db: _read(db, conversation_id, names))


def _read(db: sqlite3.Connection, conversation_id: int, names: dict[int, str]) -> Side:
    conversation = conversations.get(db, conversation_id)
    contact = contacts.get(db, conversation.contact_id)
    lead = leads.find(db, contact.id)
    turn = turns.find_latest(db, conversation_id)
    return Side(
        conversation=conversation,
        contact=contact,
        shown_as=person(contact.id, contact.name),
        first_seen=contact.created_at,
        message_count=messages.count_by_contact(db, conversation_id),
        turn=turn,
        understood=understood(db, conversation_id, names)[turn.message_id] if turn else None,
        lead=lead,
        reasons=[_reason(text) for text in (lead.reasons if lead else ())],
        way=_way(db, conversation_id, turn),
        details=details.details(db, contact.id),
        recap=recounted(recap) if (recap := recaps.find(db, conversation_id)) else (),
    )


def _reason(text: str) -> Reason:
    """'32 of 40: wants to buy' → its parts."""
    points, of, rest = text.partition(" of ")
    most, colon, why = rest.partition(": ")
    if of and colon and points.isdecimal() and most.isdecimal():
        return Reason(why, int(points), int(most))
    return Reason(text)


def _way(db: sqlite3.Connection, conversation_id: int, turn: TurnRecord | None) -> list[Stop]:
    """Of the message the last turn answered, else of the contact's newest one."""
    message = messages.get(db, turn.message_id) if turn else _newest(db, conversation_id)
    if message is None:
        return []
    event = events.get(db, message.event_id) if message.event_id else None
    reply = _reply(db, conversation_id, turn)
    items = outbox.by_reply(db, [reply.id]) if reply else []
    sent = messages.get(db, items[-1].place.message_id) if items else None
    return way(message, event, turn, reply, items, sent, writings.of_turn(db, turn.id) if turn else ())


def _newest(db: sqlite3.Connection, conversation_id: int) -> Message | None:
    said = messages.messages(db, conversation_id, limit=20)
    return next((message for message in reversed(said) if message.author == "contact"), None)


def _reply(db: sqlite3.Connection, conversation_id: int, turn: TurnRecord | None) -> Reply | None:
    if turn is None:
        return None
    made = replies.replies(db, conversation_id)
    return next((reply for reply in reversed(made) if reply.turn_id == turn.id), None)
