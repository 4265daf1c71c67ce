"""Understand the message: intent, confidence, mood, urgency, entities."""

from socialai.agents.entities import find_entities
from socialai.agents.turn import Tools, Turn
from socialai.domain.triage import Triage, Understanding


def classify(turn: Turn, tools: Tools) -> Turn:
    vectors = tools.encode([turn.question])
    said = tools.understand(vectors)[0]
    return turn.learn(vector=vectors[0], triage=_triage(turn, said))


def _triage(turn: Turn, said: Understanding) -> Triage:
    sure = said.confidence >= turn.policy.confidence
    return Triage(
        intent=said.intent if sure else "inquiry",
        raw_intent=said.intent,
        confidence=said.confidence,
        sentiment=said.sentiment,
        urgency=said.urgency,
        entities=find_entities(
            turn.question,
            region=turn.policy.region,
            order_patterns=turn.policy.order_patterns,
            products=turn.policy.products,
        ),
    )
