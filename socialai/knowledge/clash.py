"""Whether two sentences give different numbers for the same thing.

Their words must be nearly the same and their names all; then of one kind of number (money, times, days …)
each must have one that the other has not: 'from 9 to 17' and 'from 9 to 18', but not 'costs 9 EUR' and
'costs 9 EUR, free from 100 EUR'.
"""

import re
from collections import defaultdict
from functools import lru_cache

from msgspec import Struct

from socialai.knowledge.stop_words import STOP_WORDS

_UNIT = (
    r"(?:am|pm|to|and|until|till|or|of|days?|weeks?|months?|years?|hours?|minutes?|kg|g|mm|cm|m|km|l|ml|pieces?"
    r"|[A-Z]{3})\b"
)
_NAMED = re.compile(rf"\b[A-Z][\w'’-]*\s\d{{1,4}}(?![\w.,:%–-]*\d)(?!\s?[–-])(?!\s?{_UNIT})(?!\s?[%€$£])")
"""'The Bothy 4 weighs' names a Bothy 4; 'Within 30 days' names nothing."""

_TIME = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)\b|\b(\d{1,2}):(\d{2})\b", re.IGNORECASE)
_AMOUNT = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_MONEY = re.compile(
    rf"(?:[€$£¥]|\b(?:EUR|USD|GBP|CHF|NOK|SEK|DKK))\s?({_AMOUNT})"
    rf"|({_AMOUNT})\s?(?:[€$£¥]|(?:EUR|USD|GBP|CHF|NOK|SEK|DKK|euros?|dollars?|pounds?)\b)"
)
_COUNT = re.compile(rf"(?<![\w.,])({_AMOUNT})(?![\w]*\d)[\s-]?(%|[A-Za-z]+)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_ODD = 2
_LEAST_SHARED = 2
_SHORT = {"to", "and", "or", "until", "till", "of", "for", "a", "the", "in", "per"}


class Said(Struct, frozen=True):
    """What a sentence is about, and its numbers by their kind."""

    words: frozenset[str]
    names: frozenset[str]
    numbers: dict[str, frozenset[float]]


def has_numbers(sentence: str) -> bool:
    return bool(said(sentence).numbers)


def clash(sentence: str, other: str) -> bool:
    one, two = said(sentence), said(other)
    if one.names != two.names or len(one.words & two.words | one.names) < _LEAST_SHARED:
        return False
    if len(one.words ^ two.words) > _MOST_ODD:
        return False
    kinds = one.numbers.keys() & two.numbers.keys()
    return any(
        one.numbers[kind] - two.numbers[kind] and two.numbers[kind] - one.numbers[kind] for kind in kinds
    )


@lru_cache(4096)
def said(sentence: str) -> Said:
    names = {" ".join(found.lower().split()) for found in _NAMED.findall(sentence)}
    rest = _NAMED.sub(" ", sentence)
    numbers: dict[str, set[float]] = defaultdict(set)
    rest = _TIME.sub(lambda found: _keep(numbers, "time", _minutes(found)), rest)
    rest = _MONEY.sub(lambda found: _keep(numbers, "money", _number(found[1] or found[2])), rest)
    for amount, unit in _COUNT.findall(rest):
        numbers[_unit(unit)].add(_number(amount))
    words = _WORD.findall(rest)
    names |= {word.lower() for word in words[1:] if word[0].isupper()}
    stems = {_stem(word) for word in words if word.lower() not in STOP_WORDS}
    return Said(
        frozenset(stems), frozenset(names), {kind: frozenset(found) for kind, found in numbers.items()}
    )


def _keep(numbers: dict[str, set[float]], kind: str, value: float) -> str:
    numbers[kind].add(value)
    return " "


def _minutes(found: re.Match[str]) -> float:
    hour, minute = int(found[1] or found[4]), int(found[2] or found[5] or 0)
    half = (found[3] or "").lower()
    return (hour % 12 + (12 if half == "pm" else 0) if half else hour) * 60 + minute


def _number(text: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _unit(text: str) -> str:
    return "" if text.lower() in _SHORT else _stem(text)


def _stem(word: str) -> str:
    return word.lower().removesuffix("s")
