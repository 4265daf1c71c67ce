"""Find what the tenant's knowledge says about the question."""

from socialai.agents.small_talk import is_small_talk
from socialai.agents.turn import Tools, Turn


def retrieve(turn: Turn, tools: Tools) -> Turn:
    if turn.understood.intent == "spam" or turn.only_media or is_small_talk(turn.question):
        return turn
    hits = tools.search(turn.question, turn.vector, turn.policy.max_hits)
    return turn.learn(hits=tuple(hit for hit in hits if hit.score >= turn.policy.evidence))
