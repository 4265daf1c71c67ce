"""Learn a tenant's own intents from their examples, and tell which one a text is."""

import sqlite3
import time
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from socialai.context import App
from socialai.domain.custom_intent import (
    LEAST_EXAMPLES,
    Confusion,
    CustomGuess,
    CustomIntent,
    IntentScore,
    IntentsReport,
)
from socialai.domain.strangers import STRANGERS
from socialai.errors import InvalidInput
from socialai.inference import intents as learning
from socialai.inference.intents import NONE, IntentsModel, Texts, read_texts
from socialai.inference.minimise import Doubles
from socialai.store import custom_intents, heads
from socialai.store.custom_intents import StoredExample
from socialai.store.db import Database

_MOST_CONFUSIONS = 50


class _Taught(Struct, frozen=True):
    """Everything to learn from: the names first, as examples that are never asked."""

    version: int
    intents: list[CustomIntent]
    examples: list[StoredExample]
    waiting: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        return [intent.name for intent in self.intents] + [example.text for example in self.examples]

    @property
    def labels(self) -> list[int]:
        return [intent.id for intent in self.intents] + [
            example.intent_id or NONE for example in self.examples
        ]


def made_for(app: App) -> str:
    """Of which vectors what is learnt now is made: those of another encoder, or kind, cannot be compared."""
    return f"{app.models.versions()['encoder']} blended"


def learn(app: App, tenant_id: str) -> IntentsReport:
    """InvalidInput while fewer than two intents have five examples."""
    database, started = app.files.tenant(tenant_id), time.perf_counter()
    encoder = made_for(app)
    taught = database.read(_taught)
    if len(taught.intents) < 2:
        raise InvalidInput(
            f"There have to be two intents of at least {LEAST_EXAMPLES} examples each to learn."
        )
    known = _encode(app, database, taught, encoder)
    asked = [False] * len(taught.intents) + [True] * len(taught.examples)
    strangers = read_texts(STRANGERS, app.models.blend(STRANGERS))
    model, held = learning.learn(taught.labels, known, asked, strangers)
    report = _report(taught, model, held, time.perf_counter() - started)
    _keep(app, database, taught, encoder, report, model)
    return report


def guesser(app: App, tenant_id: str) -> Callable[[str, Any], CustomGuess | None]:
    """Which of the tenant's own intents a text is, by what was learnt last."""
    database = app.files.tenant(tenant_id)

    @cache
    def learnt() -> IntentsModel | None:
        """Asked once for all turns of a group."""
        used = database.read(lambda db: heads.used_id(db, "intents"))
        return _model(database, used, made_for(app)) if used else None

    def guess(text: str, blend: Any) -> CustomGuess | None:
        model = learnt()
        if model is None:
            return None
        label, confidence = model.guess(read_texts([text], blend[None]))[0]
        intent = database.read(lambda db: custom_intents.find(db, label)) if label != NONE else None
        return CustomGuess(intent.id, intent.name, confidence, intent.handling) if intent else None

    return guess


@lru_cache(maxsize=32)
def _model(database: Database, head_id: int, encoder: str) -> IntentsModel | None:
    """None when it was learnt from another encoder's vectors."""
    head = database.read(lambda db: heads.find_used(db, "intents"))
    if head is None or head.encoder != encoder:
        return None
    return learning.from_bytes(head.arrays)


def _taught(db: sqlite3.Connection) -> _Taught:
    known = custom_intents.intents(db)
    ready = [intent for intent in known if intent.examples >= LEAST_EXAMPLES]
    ids = {intent.id for intent in ready} | {None}
    return _Taught(
        version=custom_intents.version(db),
        intents=sorted(ready, key=lambda intent: intent.id),
        examples=[one for one in custom_intents.all_examples(db) if one.intent_id in ids],
        waiting=tuple(intent.name for intent in known if intent.examples < LEAST_EXAMPLES),
    )


def _encode(app: App, database: Database, taught: _Taught, encoder: str) -> Texts:
    """Each example is encoded once; what is new is kept."""
    database.write(lambda db: custom_intents.use_encoder(db, encoder))
    kept = {one.id: one.vector for one in database.read(custom_intents.all_examples)}
    new = [one for one in taught.examples if kept.get(one.id) is None]
    fresh = app.models.blend([intent.name for intent in taught.intents] + [one.text for one in new])
    names, made = fresh[: len(taught.intents)], fresh[len(taught.intents) :]
    vectors = {one.id: vector.tobytes() for one, vector in zip(new, made, strict=True)}
    if vectors:
        database.write(lambda db: custom_intents.set_vectors(db, list(vectors.items())))
    rows = [np.frombuffer(vectors.get(one.id) or kept[one.id] or b"", np.float32) for one in taught.examples]
    return read_texts(taught.texts, np.vstack([names, *rows]))


def _report(taught: _Taught, model: IntentsModel, held: Doubles, seconds: float) -> IntentsReport:
    said = _held_out(taught, model, held)
    asked = [(one, label) for one, (label, _) in zip(taught.examples, said, strict=True) if one.intent_id]
    right = [one.intent_id == label for one, label in asked]
    fitting = [label != NONE for _, label in asked]
    return IntentsReport(
        intents=len(taught.intents),
        examples=len(taught.examples),
        accuracy=round(sum(right) / len(asked), 4),
        accuracy_of_fitting=round(sum(right) / max(1, sum(fitting)), 4),
        fitting=round(sum(fitting) / len(asked), 4),
        seconds=round(seconds, 3),
        scores=_scores(taught, asked),
        confusions=_confusions(taught, said),
        waiting=taught.waiting,
    )


def _held_out(taught: _Taught, model: IntentsModel, held: Doubles) -> list[tuple[int, float]]:
    """What each example was taken for when it was kept out, and how surely."""
    scores = held[len(taught.intents) :]
    chances = learning.softmax(scores / model.temperature)
    power, best = learning.fit(scores, model.labels), scores.argmax(axis=1)
    return [
        (int(model.labels[place]) if fits else NONE, round(float(row[place]), 4))
        for row, place, fits in zip(chances, best, power >= model.border, strict=True)
    ]


def _scores(taught: _Taught, asked: list[tuple[StoredExample, int]]) -> tuple[IntentScore, ...]:
    found = {intent.id: [one.intent_id == label for one, label in asked if one.intent_id == intent.id]
             for intent in taught.intents}  # fmt: skip
    return tuple(
        IntentScore(intent.id, intent.name, len(found[intent.id]), round(float(np.mean(found[intent.id])), 4))
        for intent in taught.intents
    )


def _confusions(taught: _Taught, said: list[tuple[int, float]]) -> tuple[Confusion, ...]:
    """The surest mistakes first: most likely the example is in the wrong place, or two intents are one."""
    names = {intent.id: intent.name for intent in taught.intents} | {NONE: ""}
    wrong = [
        Confusion(one.id, one.text, names[one.intent_id or NONE], names[label], confidence)
        for one, (label, confidence) in zip(taught.examples, said, strict=True)
        if (one.intent_id or NONE) != label
    ]
    return tuple(sorted(wrong, key=lambda each: -each.confidence)[:_MOST_CONFUSIONS])


def _keep(
    app: App, database: Database, taught: _Taught, encoder: str, found: IntentsReport, model: IntentsModel
) -> None:
    report_json, arrays, now = msgspec.json.encode(found).decode(), model.to_bytes(), app.clock()
    database.write(
        lambda db: heads.add(
            db,
            "intents",
            encoder=encoder,
            basis=taught.version,
            accepted=True,
            report=report_json,
            arrays=arrays,
            now=now,
        )
    )
