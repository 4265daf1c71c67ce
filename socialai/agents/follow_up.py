"""A question that leaves out what it is about, 'and in blue?', and what it goes on from."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from socialai.agents.evidence import KINDS, asked_terms, said_terms
from socialai.agents.small_talk import is_small_talk
from socialai.agents.turn import Turn
from socialai.domain.knowledge import Hit, Sentence

_POINTS_BACK = re.compile(
    r"^(?:and|or|but|so|then|what about|how about|in that case)\b"
    r"|\b(?:it|its|that|this|these|those|they|them|one|ones)\b",
    re.IGNORECASE,
)
_SHORT = 120
"""Letters: a longer message says itself what it is about."""
_VERY_SHORT = 40
_FEW = 4
"""Words: a question of so few leaves out what it is about."""
_TOPIC_WORDS = 2
_BETWEEN = 2
_WHOLE = 0.5
"""Of the terms of a question that could stand for itself: so many must be said by what it may go on from."""

Share = tuple[int, int]
"""How many of the terms that are asked now are said, and how many of those asked just before."""


class Context(Struct, frozen=True):
    """`texts` are the question behind what it may go on from: its topic, and what was asked since. `own` are
    its own terms, of which `least` must be said; `before` those of the questions just before it."""

    texts: tuple[str, ...]
    own: frozenset[str]
    least: int
    before: frozenset[str]


def context(turn: Turn) -> Context | None:
    """None when nothing was asked that the question could go on from."""
    asked = list(_asked(turn)) if len(turn.question) <= _SHORT else []
    if not asked or names_no_topic(asked[-1]):
        return None
    own = asked_terms(turn.question)
    texts = [f"{asked[-1]}\n{turn.question}"]
    between = asked[:-1][:_BETWEEN]
    if between:
        texts.append("\n".join([asked[-1], *reversed(between), turn.question]))
    least = 1 if leaves_out(turn.question) else max(1, round(_WHOLE * len(own)))
    return Context(tuple(texts), own, least, frozenset[str]().union(*map(asked_terms, between)))


def is_follow_up(turn: Turn) -> bool:
    return bool(turn.memory) and leaves_out(turn.question)


def leaves_out(text: str) -> bool:
    words = len(text.split())
    return len(text) <= _SHORT and (bool(_POINTS_BACK.search(text)) or (words <= _FEW and "?" in text))


def names_no_topic(text: str) -> bool:
    """It cannot be looked up alone: 'blue' is in many articles."""
    return leaves_out(text) and len(asked_terms(text) - KINDS) < _TOPIC_WORDS


def says_nothing(question: str) -> bool:
    """Like 'how much is it?': any price would answer it."""
    return len(question) <= _VERY_SHORT and bool(terms := asked_terms(question)) and terms <= KINDS


def going_on(hits: Sequence[Hit], asked: Context) -> list[Hit]:
    """Those that say most of what is asked now, the sentences that do so before all others; none when what
    was found is only about what was asked before."""
    if not asked.own:
        return list(hits)
    shares = [_share(f"{hit.title} {hit.heading} {hit.question} {hit.text}", asked) for hit in hits]
    best = max(shares, default=(0, 0))
    if best[0] < asked.least:
        return []
    return [_favouring(hit, asked) for hit, share in zip(hits, shares, strict=True) if share == best]


def _favouring(hit: Hit, asked: Context) -> Hit:
    """An answer to another question is one piece."""
    shares = [_share(sentence.text, asked) for sentence in hit.sentences]
    if hit.question or not any(own for own, _ in shares):
        return hit
    best = max(shares)
    pairs = zip(hit.sentences, shares, strict=True)
    return replace(
        hit, sentences=tuple(Sentence(one.text, one.score if share == best else 0.0) for one, share in pairs)
    )


def _share(text: str, asked: Context) -> Share:
    said = said_terms(text)
    return len(asked.own & said), len(asked.before & said)


def _asked(turn: Turn) -> Iterator[str]:
    """What the contact asked, newest first, back to what names a topic."""
    for message in reversed(turn.memory):
        if message.author == "contact" and message.text and not is_small_talk(message.text):
            yield message.text
            if not names_no_topic(message.text):
                return
