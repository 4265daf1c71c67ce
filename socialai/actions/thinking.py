"""The tools of a turn for one tenant, and a question asked without a conversation."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, cached_property, lru_cache, partial
from typing import Any

from msgspec import Struct

from socialai.actions.corrections import taught
from socialai.actions.intent_training import guesser
from socialai.actions.writing import writer
from socialai.agents.orchestrator import decide
from socialai.agents.retrieve import parts_of
from socialai.agents.turn import Decision, Tools, Turn
from socialai.channels import usual_limits
from socialai.context import App
from socialai.domain.conversation import Contact
from socialai.domain.knowledge import Hit
from socialai.domain.lead import Temperature
from socialai.domain.reply import Tier
from socialai.domain.triage import Entity, Intent, Sentiment, Traits, Urgency
from socialai.errors import InvalidInput
from socialai.inference.models import Models
from socialai.inference.reading import Reading
from socialai.knowledge.memory_shelf import MemoryShelf
from socialai.knowledge.products import product_names
from socialai.knowledge.search import search, search_on
from socialai.knowledge.shelves import Shelves
from socialai.store import articles, policies
from socialai.store.db import Database

Search = Callable[[str, Any, int], list[Hit]]
"""Question, its vector, how many → the hits, best first."""
_LONGEST_QUESTION = 4000


class AnswerSource(Struct, frozen=True):
    article_id: int
    chunk_id: int
    title: str
    score: float


class AnswerMetadata(Struct, frozen=True):
    """Times are milliseconds; `tier` is what wrote the reply, None when there is none."""

    sentiment: Sentiment
    urgency: Urgency
    entities: tuple[Entity, ...]
    sources: tuple[AnswerSource, ...]
    model_versions: dict[str, str]
    stage_ms: dict[str, float]
    processing_time_ms: float
    tier: Tier | None


class Answer(Struct, frozen=True):
    """`reply` is empty when nothing would be said."""

    intent: Intent
    confidence: float
    reply: str
    lead_temperature: Temperature
    lead_score: int
    should_escalate: bool
    reasons: tuple[str, ...]
    metadata: AnswerMetadata


def tools(app: App, tenant_id: str, questions: Sequence[str] = ()) -> Tools:
    """`questions` of several turns are read together when the first is asked for, and so are their parts:
    one that came in between would wait behind another group's."""
    database = app.files.tenant(tenant_id)
    shelf = _shelves().shelf(database)
    together = _Together(app.models, questions, None if app.models.searches_apart else shelf)
    model = writer(app, tenant_id)
    return Tools(
        encode=together.encode,
        read=together.read,
        understand=taught(app, tenant_id),
        traits=together.traits,
        search=_with_own_vectors(app, _searching(database, shelf, app.clock())),
        products=cache(lambda: _products(database, database.read(articles.version))),
        sort=guesser(app, tenant_id),
        judge=app.models.judge,
        write=model,
        entries=model.entries if model else tuple,
    )


def _with_own_vectors(app: App, find: Search) -> Search:
    """Where another encoder searches, the vector that triage made of the question is of no use."""
    if not app.models.searches_apart:
        return find
    return lambda question, _, limit: find(question, app.models.encode_knowledge([question])[0], limit)


def _searching(database: Database, shelf: MemoryShelf | None, now: datetime) -> Search:
    """The knowledge is looked at once for all turns of a group; what is not valid now is not found."""
    hidden = database.read(lambda db: articles.hidden_chunks(db, now))
    if shelf:
        return partial(search_on, shelf, hidden=hidden)
    return lambda question, vector, limit: database.read(
        lambda db: search(db, question, vector, limit, hidden)
    )


@cache
def _shelves() -> Shelves:
    """One bound for the process."""
    return Shelves()


@lru_cache(maxsize=64)
def _products(database: Database, _version: object) -> tuple[str, ...]:
    """Read anew when the knowledge has changed."""
    return product_names(database.read(articles.texts))


class _Together:
    """`shelf` is where their vectors will be looked up."""

    def __init__(self, models: Models, questions: Sequence[str], shelf: MemoryShelf | None) -> None:
        self._models = models
        self._shelf = shelf
        self._questions = {text: row for row, text in enumerate(dict.fromkeys(questions))}
        parts = dict.fromkeys(part for question in self._questions for part in parts_of(question))
        self._parts = {text: row for row, text in enumerate(parts)}

    def read(self, texts: Sequence[str]) -> Reading:
        if not all(text in self._questions for text in texts):
            return self._models.read(texts)
        return self._reading.take([self._questions[text] for text in texts])

    def encode(self, texts: Sequence[str]) -> Any:
        if not all(text in self._parts for text in texts):
            return self._models.encode(texts)
        return self._vectors_of_parts[[self._parts[text] for text in texts]]

    def traits(self, texts: Sequence[str], vectors: Any) -> list[Traits]:
        if not all(text in self._questions for text in texts):
            return self._models.traits(texts, vectors)
        return [self._traits[self._questions[text]] for text in texts]

    @cached_property
    def _reading(self) -> Reading:
        reading = self._models.read(list(self._questions))
        if self._shelf:
            self._shelf.measure(reading.vectors)
        return reading

    @cached_property
    def _traits(self) -> list[Traits]:
        """One after the other, while the tables of the language model are at hand."""
        return self._models.traits(list(self._questions), self._reading.vectors)

    @cached_property
    def _vectors_of_parts(self) -> Any:
        """Few are unclear enough for them; but turn by turn, each would wait behind another group."""
        return self._models.encode(list(self._parts))


def ask(app: App, tenant_id: str, question: str, platform: str = "facebook") -> Answer:
    """What the hub would answer; nothing is kept or sent. Raises ModelError when a model cannot work."""
    started = time.perf_counter()
    turn = Turn(
        question=checked_question(question),
        contact=Contact(id=0, created_at=app.clock()),
        now=app.clock(),
        policy=app.files.tenant(tenant_id).read(policies.get),
        limits=usual_limits(platform),
    )
    decision = decide(turn, tools(app, tenant_id))
    return answered(decision, app.models.versions(), (time.perf_counter() - started) * 1000)


def checked_question(question: str) -> str:
    if not 0 < len(question.strip()) <= _LONGEST_QUESTION:
        raise InvalidInput(f"Ask something, in at most {_LONGEST_QUESTION} characters.")
    return question


def answered(decision: Decision, versions: dict[str, str], milliseconds: float) -> Answer:
    triage, score = decision.triage, decision.score
    return Answer(
        intent=triage.intent,
        confidence=triage.confidence,
        reply=decision.reply or "",
        lead_temperature=score.temperature,
        lead_score=score.value,
        should_escalate=decision.outcome == "escalated",
        reasons=(*decision.reasons, *score.reasons),
        metadata=AnswerMetadata(
            sentiment=triage.sentiment,
            urgency=triage.urgency,
            entities=triage.entities,
            sources=_sources(decision),
            model_versions=versions,
            stage_ms=decision.stage_ms,
            processing_time_ms=round(milliseconds, 3),
            tier=decision.tier,
        ),
    )


def _sources(decision: Decision) -> tuple[AnswerSource, ...]:
    """Each chunk once, best first."""
    best: dict[int, Any] = {}
    for source in sorted(decision.sources, key=lambda source: -source.score):
        best.setdefault(
            source.chunk_id, AnswerSource(source.article_id, source.chunk_id, source.title, source.score)
        )
    return tuple(best.values())
