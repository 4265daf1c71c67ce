"""What each message of a conversation is taken for: as a person says where one did, else as understood."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from socialai.domain.correction import PARTS, Correction, Part
from socialai.domain.triage import Flag, Intent, Mood, Triage, Urgency
from socialai.store import corrections, custom_intents, turns


class Change(Struct, frozen=True):
    part: Part
    before: str
    after: str


class Corrected(Struct, frozen=True):
    """No `changes`: a person confirmed it."""

    by: str
    at: datetime
    changes: list[Change]


class Understood(Struct, frozen=True):
    """`own` is the name of the tenant's own intent, `taught` that a person said so (or that it is none)."""

    message_id: int
    intent: Intent
    mood: Mood
    urgency: Urgency
    flags: tuple[Flag, ...]
    own_id: int | None
    own: str | None
    taught: bool
    corrected: Corrected | None


def understood(
    db: sqlite3.Connection, conversation_id: int, team: Mapping[int, str]
) -> dict[int, Understood]:
    """By the message under which it was understood."""
    said = corrections.by_conversation(db, conversation_id)
    taught = custom_intents.by_conversation(db, conversation_id)
    names = {intent.id: intent.name for intent in custom_intents.intents(db)}

    def one(message_id: int, triage: Triage) -> Understood:
        guess, correction = triage.custom_intent, said.get(message_id)
        own_id = taught.get(message_id, guess.id if guess else None)
        return Understood(
            message_id=message_id,
            intent=correction.meant.intent if correction else triage.intent,
            mood=correction.meant.mood if correction else triage.sentiment.label,
            urgency=correction.meant.urgency if correction else triage.urgency,
            flags=triage.flags,
            own_id=own_id if own_id in names else None,
            own=names.get(own_id or 0),
            taught=message_id in taught,
            corrected=_corrected(correction, team) if correction else None,
        )

    return {turn.message_id: one(turn.message_id, turn.triage) for turn in turns.turns(db, conversation_id)}


def _corrected(correction: Correction, team: Mapping[int, str]) -> Corrected:
    said, meant = correction.said, correction.meant
    changes = [
        Change(part, getattr(said, part), getattr(meant, part))
        for part in PARTS
        if getattr(said, part) != getattr(meant, part)
    ]
    by = team.get(correction.user_id or 0, "a colleague")
    return Corrected(by, correction.created_at, changes)
