"""Words as they are compared: without their endings, and repaired where the knowledge has them otherwise."""

import re
import string
from collections.abc import Iterator, Set
from functools import lru_cache

from socialai.knowledge.stop_words import STOP_WORDS

MAX_TERMS = 24
_TERM = re.compile(r"[^\W_]+")
_LEAST_REPAIRED = 5
"""Letters; among shorter words nearly every one is a slip away from another."""
_LONGEST_REPAIRED = 24


def terms(question: str) -> list[str]:
    """Its words once each, without those that say nothing; all of them when it has no others."""
    words = list(dict.fromkeys(_TERM.findall(question.lower())))
    return ([word for word in words if word not in STOP_WORDS] or words)[:MAX_TERMS]


def plain_words(text: str) -> frozenset[str]:
    """All words of a text that say something."""
    return frozenset(_TERM.findall(text.lower())) - STOP_WORDS


@lru_cache(8192)  # the same sentences answer many questions
def said(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(map(stem, _TERM.findall(text.lower())))


@lru_cache(8192)
def stem(word: str) -> str:
    """'books', 'booked' and 'booking' are one; only for comparing, 'clos' is no word."""
    for ending, least, left in (
        ("ies", 5, "y"),
        ("sses", 6, "ss"),
        ("ing", 6, ""),
        ("ed", 5, ""),
        ("es", 5, ""),
        ("s", 4, ""),
    ):
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)] + left
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def repaired(word: str, known: Set[str]) -> str | None:
    """The known word that is one slip of the finger away: a letter too many, too few, wrong or swapped."""
    if not _LEAST_REPAIRED <= len(word) <= _LONGEST_REPAIRED or any(map(str.isdigit, word)):
        return None
    return next((other for other in _one_slip_away(word) if other in known), None)


def _one_slip_away(word: str) -> Iterator[str]:
    """The first letter is nearly always right."""
    parts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    yield from (left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1)
    yield from (left + right[1:] for left, right in parts if right)
    yield from (left + letter + right for left, right in parts for letter in string.ascii_lowercase)
    yield from (
        left + letter + right[1:] for left, right in parts if right for letter in string.ascii_lowercase
    )
