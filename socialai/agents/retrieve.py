"""Find what the tenant's knowledge says about the question."""

from collections.abc import Iterable, Sequence

import msgspec
from sentencex import segment

from socialai.agents.follow_up import Context, context, going_on, is_follow_up, names_no_topic, says_nothing
from socialai.agents.small_talk import is_small_talk
from socialai.agents.turn import Tools, Turn
from socialai.domain.knowledge import Hit, Sentence

_CLEAR = 0.55
_UNLIKELY = 0.2
_FAR = 0.33
_BUSINESS = 0.5
"""Under these, nothing in the knowledge is about it, and it may not be written to a business at all."""
_MOST_PARTS = 3
_LONG = 60
"""Letters; a shorter message is looked up as a whole well enough."""
_WORDS_OF_A_PART = 3


def retrieve(turn: Turn, tools: Tools) -> Turn:
    """What leaves out its topic, or finds nothing alone, is looked up together with what was asked before."""
    if turn.understood.intent == "spam" or turn.only_media or is_small_talk(turn.question):
        return turn
    found = _found(turn, tools)
    hits = tuple(_likely(turn, found))
    return turn.learn(hits=hits, off_topic=not hits and _is_off_topic(turn, found))


def _is_off_topic(turn: Turn, found: Sequence[Hit]) -> bool:
    """Where the tenant has a word for it. What goes on from something else is about that."""
    if not turn.policy.voice.off_topic or is_follow_up(turn):
        return False
    is_far = not found or (found[0].score < _UNLIKELY and max(hit.cosine for hit in found) < _FAR)
    return "off_topic" in turn.understood.flags or (turn.business < _BUSINESS and is_far)


def _found(turn: Turn, tools: Tools) -> list[Hit]:
    asked = context(turn)
    if asked is None and says_nothing(turn.question):
        return []
    alone = [] if asked and names_no_topic(turn.question) else _alone(turn, tools)
    if asked is None or _is_clear(alone):
        return alone
    return _ranked(going_on(_likely(turn, _in_context(turn, asked, tools)), asked), alone)


def _alone(turn: Turn, tools: Tools) -> list[Hit]:
    """A long message hides its question, so its sentences are looked up as well when the whole is unclear."""
    limit = turn.policy.max_hits
    found = tools.search(turn.question, turn.vector, limit)
    return found if _is_clear(found) else _best([*found, *_by_parts(turn.question, tools, limit)], limit)


def _in_context(turn: Turn, asked: Context, tools: Tools) -> list[Hit]:
    limit = turn.policy.max_hits
    vectors = tools.encode(asked.texts)
    found = (tools.search(text, vector, limit) for text, vector in zip(asked.texts, vectors, strict=True))
    return _best((hit for hits in found for hit in hits), 2 * limit)


def _likely(turn: Turn, found: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in found if hit.score >= turn.policy.evidence and _is_readable(turn, hit)]


def _is_readable(turn: Turn, hit: Hit) -> bool:
    """Where the tenant answers in several languages, a message gets what is written in its own."""
    return len(turn.policy.voice.languages) == 1 or hit.language in ("", turn.language)


def _ranked(in_context: Sequence[Hit], alone: Sequence[Hit]) -> list[Hit]:
    """A chunk that is in both is as it was found in context."""
    known = {hit.chunk_id for hit in in_context}
    others = [hit for hit in alone if hit.chunk_id not in known]
    return sorted([*in_context, *others], key=lambda hit: -hit.score)


def _is_clear(found: Sequence[Hit]) -> bool:
    return bool(found) and found[0].score >= _CLEAR


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
