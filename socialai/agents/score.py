"""How much of a lead the contact is, with the reasons."""

from socialai.agents.turn import Tools, Turn
from socialai.domain.lead import score_lead


def score(turn: Turn, _tools: Tools) -> Turn:
    triage = turn.understood
    says_who = any(entity.kind in ("email", "phone") for entity in triage.entities)
    return turn.learn(
        score=score_lead(
            triage.intent,
            triage.sentiment.score,
            turn.earlier_messages,
            turn.contact.has_profile or says_who,
            turn.policy.weights,
            turn.policy.thresholds,
        )
    )
