"""Find what the tenant's knowledge says about the question."""

from collections.abc import Iterable

import msgspec
from sentencex import segment

from socialai.agents.small_talk import is_small_talk
from socialai.agents.turn import Tools, Turn
from socialai.domain.knowledge import Hit, Sentence

_CLEAR = 0.55
_MOST_PARTS = 3
_LONG = 60
"""Letters; a shorter message is looked up as a whole well enough."""
_WORDS_OF_A_PART = 3


def retrieve(turn: Turn, tools: Tools) -> Turn:
    """A long message hides its question, so its sentences are looked up as well when the whole is unclear."""
    if turn.understood.intent == "spam" or turn.only_media or is_small_talk(turn.question):
        return turn
    limit = turn.policy.max_hits
    found = tools.search(turn.question, turn.vector, limit)
    if not found or found[0].score < _CLEAR:
        found = _best([*found, *_by_parts(turn.question, tools, limit)], limit)
    return turn.learn(hits=tuple(hit for hit in found if hit.score >= turn.policy.evidence))


def _by_parts(question: str, tools: Tools, limit: int) -> Iterable[Hit]:
    parts = parts_of(question)
    for part, vector in zip(parts, tools.encode(parts) if parts else (), strict=True):
        yield from tools.search(part, vector, limit)


def parts_of(question: str) -> list[str]:
    """The questions in a message that says more than one question."""
    if "?" not in question.strip()[:-1] and len(question) < _LONG:
        return []
    sentences = [sentence.strip() for sentence in segment("en", question)]
    asked = [one for one in sentences if one.endswith("?") and len(one.split()) >= _WORDS_OF_A_PART]
    return asked[:_MOST_PARTS] if len(sentences) > 1 else []


def _best(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """Each chunk once, as the part that fits it best found it."""
    best: dict[int, Hit] = {}
    for hit in hits:
        known = best.get(hit.chunk_id)
        best[hit.chunk_id] = _joined(known, hit) if known else hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk_id))[:limit]


def _joined(one: Hit, other: Hit) -> Hit:
    better = one if one.score >= other.score else other
    sentences = tuple(
        Sentence(a.text, max(a.score, b.score)) for a, b in zip(one.sentences, other.sentences, strict=True)
    )
    return msgspec.structs.replace(better, sentences=sentences)
