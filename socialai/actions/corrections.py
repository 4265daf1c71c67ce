"""A person says how a message should have been understood; the tenant's hub learns from it, if it helps."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
import numpy as np

from socialai.context import App
from socialai.domain.correction import (
    PARTS,
    Correction,
    Judgement,
    LearntReport,
    as_meant,
    checked,
    judgement_of,
    verdict,
)
from socialai.domain.reply import TurnRecord
from socialai.domain.triage import Intent, Mood, Triage, Understanding, Urgency
from socialai.errors import InvalidInput, NotFound
from socialai.inference import corrections as learning
from socialai.inference.corrections import CorrectionsModel
from socialai.inference.reading import Reading
from socialai.security.permissions import Principal
from socialai.store import activities, conversations, corrections, heads, messages, turns
from socialai.store.corrections import StoredCorrection
from socialai.store.db import Database

LEAST = 10
_MOST = 2000
_MOST_AGREED = 300

Understand = Callable[[Reading], list[Understanding]]


def correct(
    app: App,
    who: Principal,
    message_id: int,
    *,
    intent: Intent | None = None,
    mood: Mood | None = None,
    urgency: Urgency | None = None,
) -> Correction:
    """What is left out was right; nothing given confirms it all. InvalidInput for what was not understood."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> tuple[Correction, int]:
        message = messages.get(db, message_id)
        turn = turns.find_covering(db, message.conversation_id, message_id)
        if message.author != "contact" or turn is None:
            raise InvalidInput("Only a message of a contact that was understood can be corrected.")
        said = _judged(turn.triage)
        meant = Judgement(intent or said.intent, mood or said.mood, urgency or said.urgency)
        kept = corrections.put(
            db, message_id, message.text, said, meant, now, turn_id=turn.id, user_id=who.user_id
        )
        _show(db, turn, meant)
        text = f"{who.name} {_told(said, meant)}"
        activities.add(db, message.conversation_id, "corrected", text, now, who.user_id or None)
        return kept, message.conversation_id

    kept, conversation_id = app.files.tenant(who.tenant_id).write(run)
    app.tasks.wake("learn", who.tenant_id, 0)
    app.feed.tell(who.tenant_id, "conversation", conversation_id)
    return kept


def take_back(app: App, who: Principal, message_id: int) -> None:
    """Nobody said anything of it, and it shows as it was understood. NotFound while nobody did."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> int:
        message = messages.get(db, message_id)
        corrections.delete(db, message_id)
        turn = turns.find_covering(db, message.conversation_id, message_id)
        if turn:
            _show(db, turn, _acted_on(turn.triage))
        text = f"{who.name} took the correction back"
        activities.add(db, message.conversation_id, "corrected", text, now, who.user_id or None)
        return message.conversation_id

    conversation_id = app.files.tenant(who.tenant_id).write(run)
    app.tasks.wake("learn", who.tenant_id, 0)
    app.feed.tell(who.tenant_id, "conversation", conversation_id)


def made_for(app: App) -> str:
    """Whose vectors what is learnt now is made of."""
    return app.models.versions()["encoder"]


def learn(app: App, tenant_id: str) -> LearntReport:
    """Learn from the newest corrections; check it on each of them kept out, and on what people agreed with.

    What makes anything worse is refused and the head before it goes on. InvalidInput for fewer than ten.
    """
    database, encoder = app.files.tenant(tenant_id), made_for(app)
    version = database.read(corrections.version)
    kept = database.read(lambda db: corrections.newest(db, _MOST))
    if len(kept) < LEAST:
        raise InvalidInput(f"There are {len(kept)} corrections; the hub learns from {LEAST} on.")
    said, meant = [one.said for one in kept], [one.meant for one in kept]
    model = learning.learn(_vectors(app, database, kept, encoder), said, meant)
    right = database.read(lambda db: corrections.agreed(db, _MOST_AGREED))
    known = [_judged(one.triage) for one in right]
    after = [*model.left_out(said), *model.adjust(known, app.models.encode([one.text for one in right]))]
    report = verdict(len(kept), checked([*said, *known], after, [*meant, *known]), app.clock())
    database.write(lambda db: _keep(db, app, encoder, version, report, model))
    return report


def taught(app: App, tenant_id: str) -> Understand:
    """What the models understand, with what this tenant's people corrected."""
    database = app.files.tenant(tenant_id)

    @cache
    def learnt() -> CorrectionsModel | None:
        """Asked once for all turns of a group."""
        used = database.read(lambda db: heads.used_id(db, "corrections"))
        return _model(database, used, made_for(app)) if used else None

    def understand(reading: Reading) -> list[Understanding]:
        said, model = reading.understood, learnt()
        if model is None:
            return said
        meant = model.adjust([judgement_of(one) for one in said], reading.vectors)
        return [as_meant(one, other) for one, other in zip(said, meant, strict=True)]

    return understand


def _keep(
    db: sqlite3.Connection,
    app: App,
    encoder: str,
    version: int,
    report: LearntReport,
    model: CorrectionsModel,
) -> None:
    heads.add(
        db,
        "corrections",
        encoder=encoder,
        basis=version,
        accepted=report.accepted,
        report=msgspec.json.encode(report).decode(),
        arrays=model.to_bytes(),
        now=app.clock(),
    )


@lru_cache(maxsize=32)
def _model(database: Database, _head_id: int, encoder: str) -> CorrectionsModel | None:
    """None when it was learnt from another encoder's vectors."""
    head = database.read(lambda db: heads.find_used(db, "corrections"))
    return learning.from_bytes(head.arrays) if head and head.encoder == encoder else None


def _vectors(app: App, database: Database, kept: Sequence[StoredCorrection], encoder: str) -> Any:
    """Each message is encoded once; what is new is kept."""
    database.write(lambda db: corrections.use_encoder(db, encoder))
    fresh = {
        one.message_id for one in database.read(lambda db: corrections.newest(db, _MOST)) if not one.vector
    }
    new = [one for one in kept if one.message_id in fresh or not one.vector]
    made = {
        one.message_id: vector.tobytes()
        for one, vector in zip(new, app.models.encode([one.text for one in new]), strict=True)
    }
    if made:
        database.write(lambda db: corrections.set_vectors(db, list(made.items())))
    return np.stack(
        [np.frombuffer(made.get(one.message_id) or one.vector or b"", np.float32) for one in kept]
    )


def _judged(triage: Triage) -> Judgement:
    """As the models said it, before the confidence rule."""
    return Judgement(triage.raw_intent, triage.sentiment.label, triage.urgency, triage.confidence)


def _acted_on(triage: Triage) -> Judgement:
    """As it stood in the list before anybody corrected it."""
    return Judgement(triage.intent, triage.sentiment.label, triage.urgency, triage.confidence)


def _show(db: sqlite3.Connection, turn: TurnRecord, meant: Judgement) -> None:
    """The list says what a person said, unless something newer was understood since."""
    latest = turns.find_latest(db, turn.conversation_id)
    if latest and latest.id == turn.id:
        conversations.understood(db, turn.conversation_id, meant.intent, meant.mood, meant.urgency)


def _told(said: Judgement, meant: Judgement) -> str:
    changed = [
        f"{part} {getattr(said, part)} → {getattr(meant, part)}"
        for part in PARTS
        if getattr(said, part) != getattr(meant, part)
    ]
    return f"corrected: {', '.join(changed)}" if changed else "confirmed how it was understood"


def find(app: App, who: Principal, message_id: int) -> Correction:
    """NotFound while nobody said anything of it."""
    found = app.files.tenant(who.tenant_id).read(lambda db: corrections.find(db, message_id))
    if found is None:
        raise NotFound(f"Nobody corrected message {message_id}.")
    return found
