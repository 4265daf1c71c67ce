"""Turns and tools for the tests of the steps."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from socialai.agents.turn import Tools, Turn, Vectors, Write
from socialai.domain.conversation import Contact
from socialai.domain.custom_intent import CustomGuess
from socialai.domain.knowledge import Hit, Sentence
from socialai.domain.lead import Score
from socialai.domain.limits import Limits
from socialai.domain.policy import Policy
from socialai.domain.triage import Intent, Sentiment, Traits, Triage, Understanding, Urgency
from socialai.inference.reading import Reading
from socialai.inference.support import SupportModel
from socialai.resources import resource

PRODUCTS = ("Blue Tent",)
NO_TRAITS = Traits()
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def triage(
    intent: Intent = "inquiry", *, mood: float = 0.0, urgency: Urgency = "low", confidence: float = 0.95
) -> Triage:
    return Triage(intent, intent, confidence, Sentiment("neutral", mood), urgency)


def turn(
    question: str, *, policy: Policy | None = None, name: str | None = "Ada Berg", **known: object
) -> Turn:
    return Turn(
        question=question,
        contact=Contact(id=1, created_at=NOW, name=name),
        policy=policy or Policy(),
        now=NOW,
        limits=Limits(wire=2000, reply=500),
        triage=triage(),
        score=Score(50, "warm", ()),
        vector=np.zeros(384, np.float32),
    ).learn(**known)


def hit(
    *sentences: tuple[str, float], score: float = 0.7, question: str | None = None, chunk_id: int = 1
) -> Hit:
    return Hit(
        article_id=chunk_id,
        chunk_id=chunk_id,
        title="Shipping",
        heading="",
        text=" ".join(text for text, _ in sentences),
        question=question,
        score=score,
        cosine=score,
        lexical=score,
        sentences=tuple(Sentence(text, closeness) for text, closeness in sentences),
    )


def tools(
    understanding: Understanding,
    hits: Sequence[Hit] = (),
    traits: Traits = NO_TRAITS,
    own: CustomGuess | None = None,
    write: Write | None = None,
) -> Tools:
    """Tools that give fixed answers: the steps are pure, so this is their whole world."""

    def encode(texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), 384), np.float32)

    return Tools(
        encode=encode,
        read=lambda texts: Reading(
            encode(texts), encode(texts), np.zeros((len(texts), 0), np.float32), [understanding] * len(texts)
        ),
        understand=lambda reading: reading.understood,
        traits=lambda texts, _vectors: [traits] * len(texts),
        search=lambda _question, _vector, limit: list(hits)[:limit],
        products=lambda: PRODUCTS,
        sort=lambda _text, _vector: own,
        judge=SupportModel(resource("models", "support")).judge,
        write=write,
    )
