"""What a turn remembers of a contact, and what it learns of them."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from socialai.agents import recap as recounting
from socialai.agents.remember import told
from socialai.agents.turn import Decision
from socialai.domain.conversation import Contact, Message
from socialai.domain.memory import Told
from socialai.domain.policy import Policy
from socialai.store import contacts, details, messages, recaps


class Remembered(Struct, frozen=True):
    """`by_contact` counts all messages of theirs before this turn; `messages` are the last of the
    conversation, `recap` what was said before them."""

    messages: tuple[Message, ...]
    details: tuple[Told, ...]
    recap: tuple[str, ...]
    by_contact: int

    @property
    def goes_further_back(self) -> bool:
        return self.by_contact > sum(message.author == "contact" for message in self.messages)


def remembered(
    db: sqlite3.Connection,
    conversation_id: int,
    contact: Contact,
    asked: Sequence[Message],
    policy: Policy,
    now: datetime,
) -> Remembered:
    since = now - timedelta(days=policy.memory_days)
    if contact.forgotten_at:
        since = max(since, contact.forgotten_at)
    new = {message.id for message in asked}
    recent = messages.messages(db, conversation_id, since=since, limit=policy.memory_messages + len(asked))
    known = tuple(message for message in recent if message.id not in new)[-policy.memory_messages :]
    found = Remembered(
        known,
        tuple(Told(one.kind, one.value) for one in details.details(db, contact.id)),
        (),
        messages.count_by_contact(db, conversation_id) - len(asked),
    )
    return _with_recap(db, conversation_id, found) if found.goes_further_back else found


def learn(
    db: sqlite3.Connection, contact_id: int, asked: Sequence[Message], decision: Decision, now: datetime
) -> None:
    """From messages that are no spam; what tries tricks is not believed."""
    entities = decision.triage.entities
    known = {entity.kind: entity.value for entity in entities}
    if "email" in known or "phone" in known:
        contacts.learn(db, contact_id, email=known.get("email"), phone=known.get("phone"))
    if "injection" in decision.triage.flags:
        return
    for message in asked:
        said = [entity for entity in entities if entity.text in message.text]
        if found := told(message.text, said):
            details.learn(db, contact_id, found, message.id, now)


def _with_recap(db: sqlite3.Connection, conversation_id: int, found: Remembered) -> Remembered:
    recap = recaps.find(db, conversation_id)
    return Remembered(
        found.messages, found.details, recounting.told(recap) if recap else (), found.by_contact
    )
