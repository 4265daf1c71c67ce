"""Understand the message: intent, confidence, mood, urgency, entities."""

from socialai.agents.entities import find_entities
from socialai.agents.turn import Tools, Turn
from socialai.domain.policy import Policy
from socialai.domain.triage import Triage, Understanding


def classify(turn: Turn, tools: Tools) -> Turn:
    vectors = tools.encode([turn.question])
    said = tools.understand(vectors)[0]
    return turn.learn(vector=vectors[0], triage=judge(turn.question, said, turn.policy))


def judge(text: str, said: Understanding, policy: Policy) -> Triage:
    """What the models said of `text`, as the tenant wants it acted on."""
    sure = said.confidence >= policy.confidence
    return Triage(
        intent=said.intent if sure else "inquiry",
        raw_intent=said.intent,
        confidence=said.confidence,
        sentiment=said.sentiment,
        urgency=said.urgency,
        entities=find_entities(
            text, region=policy.region, order_patterns=policy.order_patterns, products=policy.products
        ),
    )
