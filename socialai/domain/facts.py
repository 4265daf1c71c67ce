"""What a sentence says exactly: its numbers, days, links and names, and whether it says or denies it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from socialai.domain.quantities import Quantity, quantities

_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+|\b[a-z\d-]+\.[a-z\d.-]+/\S*", re.I)
_NAME = re.compile(r"(?<=[a-z0-9,;:(%] )[A-Z][\w'’-]+")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february march april june july august september october november december".split()
_DAY = re.compile(
    rf"\b(?P<day>mon|tues?|wed|thur?s?|fri|sat|sun|{'|'.join(_DAYS)})s?\b\.?"
    r"(?P<to>(?=\s*(?:to|until|till|through|-|–|—)\s*(?:mon|tue|wed|thu|fri|sat|sun)))?",
    re.IGNORECASE,
)
_WHOLE = {"weekday": _DAYS[:5], "weekend": _DAYS[5:], "daily": _DAYS, "everyday": _DAYS}
_EVERY_DAY = re.compile(r"\b(?:every day|each day|seven days a week|all week)\b", re.IGNORECASE)
_NEGATORS = frozenset(
    "not no never cannot nor neither none nothing nobody unable unfortunately hardly except unless "
    "excluding excluded excludes forbidden prohibited refuse refuses instead nowhere".split()
)
_FREE = re.compile(
    r"\b(?:at )?(?:no|without)(?: extra| additional| any)? (?:charges?|costs?|fees?)\b|\bcosts? nothing\b"
    r"|\bpay nothing\b|\bfree of charge\b|\bnot charged?\b|\bfor nothing\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\b(?:are|is|do|does) ?(?:not|n['’]t)(?: be)? open\b|\bnot open\b", re.IGNORECASE)
_NOT_YET = frozenset("unfortunately instead unless except".split())
"""They say that something is otherwise; alone they deny nothing."""


class Facts(Struct, frozen=True):
    """`words` are stems in order, `days` weekdays and months; `denials` how many words deny."""

    words: tuple[str, ...]
    plain: tuple[str, ...]
    numbers: tuple[Quantity, ...]
    days: frozenset[str]
    links: tuple[str, ...]
    names: tuple[str, ...]
    denials: int


@lru_cache(8192)  # the same passages answer many questions
def facts(text: str) -> Facts:
    bare = _CLOSED.sub("closed", _FREE.sub("free", _LINK.sub(" ", text)))
    plain = tuple(_plain_words(bare))
    return Facts(
        words=tuple(map(stem, plain)),
        plain=plain,
        numbers=quantities(bare),
        days=frozenset(_days(bare)),
        links=tuple(link.rstrip(".,;:!?)").lower() for link in _LINK.findall(text)),
        names=tuple(name for name in _NAME.findall(bare) if not _is_date(name)),
        denials=sum(word in _NEGATORS and word not in _NOT_YET for word in plain),
    )


def _plain_words(text: str) -> Iterator[str]:
    """ "Don't" are two words, 'do' and 'not'."""
    for word in _TOKEN.findall(text.lower().replace("’", "'")):
        if word.endswith("n't"):
            yield from ("can" if word == "can't" else word[:-3], "not")
        elif word == "cannot":
            yield from ("can", "not")
        else:
            yield word.partition("'")[0]


def _days(text: str) -> Iterator[str]:
    """'Monday to Wednesday' is three of them, and weekdays are five."""
    start: int | None = None
    for found in _DAY.finditer(text):
        at = next(place for place, day in enumerate(_DAYS) if day.startswith(found["day"].lower()[:3]))
        if found[0].islower() and len(found[0]) < 4:
            continue
        yield _DAYS[at]
        if start is not None:
            yield from _between(start, at)
        start = at if found["to"] is not None else None
    lower = text.lower()
    for word, days in _WHOLE.items():
        if word in lower:
            yield from days
    if _EVERY_DAY.search(lower):
        yield from _DAYS
    yield from (month for month in _MONTHS if re.search(rf"\b{month}\b", text, re.IGNORECASE))


def _between(start: int, end: int) -> list[str]:
    return _DAYS[start : end + 1] if start <= end else [*_DAYS[start:], *_DAYS[: end + 1]]


def _is_date(name: str) -> bool:
    lower = name.lower().removesuffix("s")
    return lower in _DAYS or lower in _MONTHS


@lru_cache(16384)
def stem(word: str) -> str:
    """Near enough for telling whether two texts use the same word: 'vaccinated' and 'vaccinations'."""
    if len(word) <= 3 or not word.isalpha() or word in _STATES:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _undoubled(word[: -len(ending)] + instead)
    return _undoubled(word)


_STATES = frozenset({"closed"})
"""'We are closed' is not 'we close at one'."""
_ENDINGS = tuple(
    (pair.partition(">")[0], pair.partition(">")[2])
    for pair in (
        "isations>is izations>is isation>is ization>is ations>at ation>at ating>at ated>at ates>at "
        "ements> ement> ments> ment> ically>ic ingly> ings> ing> ies>y ied>y iest>y ier>y ively>iv ness> "
        "ables>abl able>abl edly> ed> sses>ss shes>sh ches>ch xes>x ers>er ors>or es> ly> s> e>"
    ).split()
)


def _undoubled(word: str) -> str:
    """'stopp' of 'stopped' is 'stop'; of 'full' 'ful', in every form of it."""
    last = word[-2:]
    cut = word[:-1] if len(word) > 3 and last[0] == last[-1] and last[0] not in "s" else word
    return cut[:-1] if cut.endswith("e") and len(cut) > 3 else cut
