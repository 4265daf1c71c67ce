"""Is a sentence that a language model wrote said by the one sentence it names as its source?

Stricter than one would be with a person: what fails is said in the source's own words instead.
"""

import re
from collections.abc import Iterator

from socialai.agents.check import doubts

_ENOUGH = 0.8
"""Of the words that say something."""
_STEM = 5
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_PLAIN = frozenset(
    "a an the and or so as at by for from in into of on to with up out about after before until than then "
    "i we you it they he she our your their its us me my them this that these those there here which who "
    "what is are be been was were am do does did has have had can will would could should may might must "
    "also too just please yes sure happily gladly glad happy course thanks thank very both if when while "
    "where how let know get need want make take".split()
)
_NEGATORS = frozenset("no not never none nothing without cannot neither nor".split())
_WEIGHTY = _NEGATORS | frozenset(
    "free always all any every everything everyone only guarantee guaranteed discount refund refunded bonus "
    "gift immediately instantly unlimited forever half double twice".split()
)


def is_grounded(sentence: str, source: str, above: str = "") -> bool:
    """`above` is what stands over the source: its title, heading, question."""
    if any(doubts(sentence, (source, above))):
        return False
    said, held = _words(sentence), _words(source)
    if _WEIGHTY & set(said) - set(held) or _denies(said) != _denies(held):
        return False
    known = {_stem(word) for word in (*held, *_words(above))}
    telling = [word for word in said if word not in _PLAIN]
    found = sum(_stem(word) in known for word in telling)
    return bool(telling) and found >= _ENOUGH * len(telling)


def _words(text: str) -> list[str]:
    return list(_split(text.lower().replace("’", "'")))


def _split(text: str) -> Iterator[str]:
    """ "Don't" are two words, 'do' and 'not'."""
    for word in _WORD.findall(text):
        if word.endswith("n't") or word == "cannot":
            yield from (word[:3], "not")
        else:
            yield word.partition("'")[0]


def _denies(words: list[str]) -> bool:
    return any(word in _NEGATORS for word in words)


def _stem(word: str) -> str:
    """'shipping' is 'ship': near enough to tell the same word."""
    if word.isdigit():
        return word
    bare = re.sub(r"(?<=\w{3})(?:ing|ed|es|s|e)$", "", word)
    return re.sub(r"([^aeiouls])\1$", r"\1", bare)[:_STEM]
