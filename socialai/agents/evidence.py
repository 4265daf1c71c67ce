"""Which sentences of the hits answer the question, chosen as a person would underline them.

The best sentence comes first; another joins it only when it is nearly as close and says something the
question asks that is not said yet.
"""

import re
from functools import lru_cache

from msgspec import Struct

from socialai.domain.knowledge import Hit
from socialai.domain.reply import Source

_MOST = 4
_LEAST = 0.35
_CLOSE = 0.16
_NEW_TERM = 0.07
_SAME_QUESTION = 0.80

_YES_OR_NO = re.compile(r"^(?:yes|no)[,:;.]\s+(\w)", re.IGNORECASE)
_SALUTATION = re.compile(r"^\s*(?:hi|hello|hey|dear|good \w+)\b[^,.!?\n]*[,.!\n]", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-Z][a-z]\w+")
_WORD = re.compile(r"[^\W_]{2,}")
_ASKS_AMOUNT = re.compile(r"\b(cost|price|how much|fee|charge|expensive|cheap|pay)", re.IGNORECASE)
_SAYS_AMOUNT = re.compile(r"[€$£¥]\s?\d|\d\s?(?:[€$£¥]|EUR|USD|GBP|NOK|SEK|DKK)\b|\bfree\b", re.IGNORECASE)
_ASKS_TIME = re.compile(r"\b(when|how long|hours?|open|close|time|days?|deliver|arrive)", re.IGNORECASE)
_SAYS_TIME = re.compile(
    r"\b\d+\s*(?:-|–|to)?\s*\d*\s*(?:business |working )?(?:days?|weeks?|months?|hours?|am|pm)\b"
    r"|\b\d{1,2}[:.]\d\d\b",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "the and for you your our are can does did will have has had with what when where which who how much "
    "many any from this that there do is it to of in on at be an or we my me if get please would could like "
    "about hi hello hey thanks know tell want need just also some".split()
)


class _Candidate(Struct, frozen=True):
    """`worth` joins the sentence's own closeness with its chunk's."""

    hit: Hit
    position: int
    text: str
    worth: float
    terms: frozenset[str]


def best_evidence(question: str, hits: tuple[Hit, ...]) -> tuple[Source, ...]:
    """Up to four sentences, a yes or no first, else in their articles' order; empty when none is close."""
    if hits and _same_question(hits[0]):
        return tuple(_source(candidate) for candidate in _of_hit(hits[0]))
    candidates = sorted((one for hit in hits for one in _of_hit(hit)), key=lambda one: -one.worth)
    if not candidates or candidates[0].worth < _LEAST:
        return ()
    chosen = _choose(asked_terms(question), candidates)
    order = {hit.chunk_id: place for place, hit in enumerate(hits)}
    chosen.sort(key=lambda one: (not _YES_OR_NO.match(one.text), order[one.hit.chunk_id], one.position))
    return tuple(_source(candidate) for candidate in chosen)


def _choose(asked: frozenset[str], candidates: list[_Candidate]) -> list[_Candidate]:
    best = max(candidates, key=lambda one: one.worth + _NEW_TERM * len(asked & one.terms))
    chosen, covered = [best], best.terms
    near = [one for one in candidates if one.worth >= best.worth - _CLOSE]
    while len(chosen) < _MOST:
        gains = [(len((asked - covered) & one.terms), one.worth, -place) for place, one in enumerate(near)]
        news, _, place = max(gains)
        if not news:
            break
        chosen.append(near[-place])
        covered = covered | near[-place].terms
    return chosen


def _same_question(hit: Hit) -> bool:
    return hit.question is not None and max(hit.cosine, hit.score) >= _SAME_QUESTION


def _of_hit(hit: Hit) -> list[_Candidate]:
    return [_answer_of(hit)] if hit.question else _sentences_of(hit)


def _answer_of(hit: Hit) -> _Candidate:
    """An answer is one piece. Under another question its 'Yes' or 'No' would be ours, so it goes."""
    text = " ".join(sentence.text for sentence in hit.sentences[:_MOST])
    if not _same_question(hit):
        text = _YES_OR_NO.sub(lambda found: found[1].upper(), text)
    closest = max((sentence.score for sentence in hit.sentences), default=0.0)
    worth = 0.6 * (closest + hit.cosine) / 2 + 0.4 * hit.score
    return _Candidate(hit, 0, text, worth, _said_terms(f"{hit.question} {text}"))


def _sentences_of(hit: Hit) -> list[_Candidate]:
    """A heading counts as said by each sentence under it: 'It takes three days' is about its heading."""
    above = _words(f"{hit.title} {hit.heading}")
    return [
        _Candidate(
            hit,
            position,
            sentence.text,
            0.6 * sentence.score + 0.4 * hit.score,
            _said_terms(sentence.text) | (above if position == 0 else frozenset()),
        )
        for position, sentence in enumerate(hit.sentences)
    ]


def unmentioned(question: str, sources: tuple[Source, ...]) -> str | None:
    """A name the question asks about that the chosen sentences and their titles do not have."""
    said = " ".join(f"{source.title} {source.sentence}" for source in sources).lower()
    asked = _SALUTATION.sub("", question)
    return next((name for name in _NAME.findall(asked) if name.lower() not in said), None)


def asked_terms(question: str) -> frozenset[str]:
    """The words a good answer takes up, and whether an amount or a time is wanted."""
    amount = {"<amount>"} if _ASKS_AMOUNT.search(question) else set()
    time = {"<time>"} if _ASKS_TIME.search(question) else set()
    return _words(question) | amount | time


@lru_cache(4096)  # the same sentences answer many questions
def _said_terms(text: str) -> frozenset[str]:
    amount = {"<amount>"} if _SAYS_AMOUNT.search(text) else set()
    time = {"<time>"} if _SAYS_TIME.search(text) else set()
    return _words(text) | amount | time


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in _COMMON)


def _source(candidate: _Candidate) -> Source:
    hit = candidate.hit
    return Source(hit.article_id, hit.chunk_id, hit.title, round(candidate.worth, 4), candidate.text)
