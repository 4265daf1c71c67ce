"""Understand the message: intent, confidence, mood, urgency, entities, language."""

import math
from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from socialai.agents.entities import find_entities
from socialai.agents.follow_up import context, is_follow_up
from socialai.agents.turn import Tools, Turn
from socialai.domain.policy import Policy
from socialai.domain.triage import Flag, Language, Traits, Triage, Understanding

_INJECTS = 0.5
_LEFT_OF_CONFIDENCE: dict[Flag, float] = {"foreign_language": 0.5, "off_topic": 0.8}
"""In a language the models did not learn, an intent is never sure enough to act on."""


def classify(turn: Turn, tools: Tools) -> Turn:
    reading = tools.read([turn.question])
    said = _in_context(turn, tools.understand(reading)[0], tools)
    traits = tools.traits([turn.question], reading.vectors)[0]
    policy = turn.policy if turn.policy.products else replace(turn.policy, products=tools.products())
    triage = judge(turn.question, said, traits, policy, turn.now)
    own = tools.sort(turn.question, reading.blends[0])
    return turn.learn(
        vector=reading.vectors[0], triage=replace(triage, custom_intent=own), business=said.marks.business
    )


def _in_context(turn: Turn, said: Understanding, tools: Tools) -> Understanding:
    """'And in blue?' alone is unclear; what it goes on from tells what is wanted. Mood and urgency are its
    own."""
    unclear = said.confidence < turn.policy.confidence and said.intent != "spam" and is_follow_up(turn)
    asked = context(turn) if unclear else None
    if asked is None:
        return said
    whole = tools.understand(tools.read([asked.texts[-1]]))[0]
    if whole.confidence <= said.confidence or whole.intent == "spam":
        return said
    return replace(said, intent=whole.intent, confidence=whole.confidence)


def judge(text: str, said: Understanding, traits: Traits, policy: Policy, now: datetime) -> Triage:
    """What the models said of `text`, written `now`, as the tenant wants it acted on."""
    flags = tuple(_flags(said, traits, policy))
    confidence = said.confidence * math.prod(_LEFT_OF_CONFIDENCE.get(flag, 1) for flag in flags)
    return Triage(
        intent=said.intent if confidence >= policy.confidence else "inquiry",
        raw_intent=said.intent,
        confidence=round(confidence, 4),
        sentiment=said.sentiment,
        urgency=said.urgency,
        entities=find_entities(
            text,
            region=policy.region,
            order_patterns=policy.order_patterns,
            products=policy.products,
            now=now,
        ),
        language=traits.language,
        flags=flags,
    )


def _flags(said: Understanding, traits: Traits, policy: Policy) -> Iterator[Flag]:
    if is_foreign(traits.language, policy):
        yield "foreign_language"
    if traits.injection > _INJECTS:
        yield "injection"
    if said.alarm:
        yield "alarm"
    if said.off_topic:
        yield "off_topic"


def is_foreign(language: Language, policy: Policy) -> bool:
    """Where too little is written to tell, the usual language is assumed."""
    return language.code not in ("", policy.language)
