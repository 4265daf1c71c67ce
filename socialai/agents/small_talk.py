"""Greetings and thanks, which need an answer or none, but no facts."""

import re

_GREETING = frozenset(
    "hi hello hey hiya howdy greetings there good morning afternoon evening day everyone all team".split()
)
_THANKS = frozenset(
    "thanks thank you thx ty cheers so much very many a lot again ok okay great perfect got it cool nice "
    "awesome bye goodbye have good day take care will do no problem all clear".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FEW = 6


def is_greeting(text: str) -> bool:
    return _only(text, _GREETING)


def is_thanks(text: str) -> bool:
    return _only(text, _THANKS) and not is_greeting(text)


def is_small_talk(text: str) -> bool:
    return is_greeting(text) or is_thanks(text)


def _only(text: str, known: frozenset[str]) -> bool:
    words = _WORD.findall(text.lower())
    return "?" not in text and 0 < len(words) <= _FEW and all(word in known for word in words)
