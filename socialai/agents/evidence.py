"""Which sentences of the hits answer the question, chosen as a person would underline them.

The best sentence of the likeliest passage comes first. What stands beside it and fits nearly as well joins
it, because rules have exceptions; a row of a table stands for itself. A sentence of another passage joins
only when it says something that is asked and not said yet.
"""

import re
from functools import lru_cache

from msgspec import Struct

from socialai.domain.knowledge import Hit
from socialai.domain.reply import Source

_MOST = 4
_ENOUGH = 320
"""Letters: what one passage says of a question."""
_CLOSE = 0.2
_CLOSE_ROW = 0.06
_BESIDE = 0.12
_RIGHT_KIND = 0.1
_OTHER_PASSAGES = 2
_LIKELY = 0.4
"""Of the best passage's chance, from which another one may add to it."""
_SAME_QUESTION = 0.80

_STOPS = (".", "!", "?")
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
KINDS = frozenset({"<amount>", "<time>"})
_COMMON = frozenset(
    "the and for you your our are can does did will have has had with what when where which who how much "
    "many any from this that there do is it to of in on at be an or we my me if get please would could like "
    "about hi hello hey thanks know tell want need just also some".split()
)


class _Candidate(Struct, frozen=True):
    hit: Hit
    position: int
    text: str
    worth: float
    terms: frozenset[str]


def best_evidence(question: str, hits: tuple[Hit, ...]) -> tuple[Source, ...]:
    """Up to four sentences, a yes or no first, else in their articles' order; empty without hits."""
    if not hits:
        return ()
    if same_question(hits[0]):
        return (_source(_answer_of(hits[0])),)
    asked = asked_terms(question)
    chosen = _of_passage(_of_hit(hits[0], asked))
    for hit in hits[1 : 1 + _OTHER_PASSAGES]:
        if hit.score >= _LIKELY * hits[0].score and len(chosen) < _MOST:
            chosen += _news(asked, chosen, _of_hit(hit, asked))
    order = {hit.chunk_id: place for place, hit in enumerate(hits)}
    chosen.sort(key=lambda one: (not _YES_OR_NO.match(one.text), order[one.hit.chunk_id], one.position))
    return tuple(_source(candidate) for candidate in chosen)


def _of_passage(candidates: list[_Candidate]) -> list[_Candidate]:
    """Its best sentence, and the others that fit nearly as well: the nearer to it, the sooner."""
    best = max(candidates, key=lambda one: one.worth)
    chosen, length = [best], len(best.text)
    prose = best.text.endswith(_STOPS)
    least = best.worth - (_CLOSE if prose else _CLOSE_ROW)
    others = [
        (one.worth + _BESIDE * (prose and abs(one.position - best.position) == 1), one) for one in candidates
    ]
    for worth, one in sorted(others, key=lambda pair: -pair[0]):
        fits = worth >= least and length + len(one.text) < _ENOUGH
        if one is not best and fits and len(chosen) < _MOST:
            chosen.append(one)
            length += len(one.text)
    return chosen


def _news(asked: frozenset[str], chosen: list[_Candidate], candidates: list[_Candidate]) -> list[_Candidate]:
    """The sentence that says most of what is asked and not said yet, if any does."""
    missing = asked.difference(*(one.terms for one in chosen))
    best = max(candidates, key=lambda one: (len(missing & one.terms), one.worth))
    least = min(one.worth for one in chosen)
    return [best] if missing & best.terms and best.worth >= least - _CLOSE else []


def same_question(hit: Hit) -> bool:
    return hit.question is not None and max(hit.cosine, hit.score) >= _SAME_QUESTION


def _of_hit(hit: Hit, asked: frozenset[str]) -> list[_Candidate]:
    return [_answer_of(hit)] if hit.question else _sentences_of(hit, asked)


def _answer_of(hit: Hit) -> _Candidate:
    """An answer is one piece. Under another question its 'Yes' or 'No' would be ours, so it goes."""
    text = " ".join(sentence.text for sentence in hit.sentences[:_MOST])
    if not same_question(hit):
        text = _YES_OR_NO.sub(lambda found: found[1].upper(), text)
    worth = max((sentence.score for sentence in hit.sentences), default=0.0)
    return _Candidate(hit, 0, text, worth, said_terms(f"{hit.question} {text}"))


def _sentences_of(hit: Hit, asked: frozenset[str]) -> list[_Candidate]:
    """A heading counts as said by the first sentence under it: 'It takes three days' is about its heading."""
    above = _words(f"{hit.title} {hit.heading}")
    found = []
    for position, sentence in enumerate(hit.sentences):
        terms = said_terms(sentence.text)
        worth = sentence.score + _RIGHT_KIND * bool(asked & terms & KINDS)
        found.append(
            _Candidate(hit, position, sentence.text, worth, terms | (above if position == 0 else frozenset()))
        )
    return found


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
def said_terms(text: str) -> frozenset[str]:
    amount = {"<amount>"} if _SAYS_AMOUNT.search(text) else set()
    time = {"<time>"} if _SAYS_TIME.search(text) else set()
    return _words(text) | amount | time


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in _COMMON)


def _source(candidate: _Candidate) -> Source:
    hit = candidate.hit
    return Source(hit.article_id, hit.chunk_id, hit.title, round(candidate.worth, 4), candidate.text)
