"""What two texts share: read once into meanings with their weight, then compared."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from socialai.domain.facts import Facts, facts
from socialai.domain.wording import meaning

Weigh = Callable[[str], float]
"""How much a word says, 0…1: a rare one says more."""

_CLAUSE = re.compile(
    r"[;:–—|]\s|,\s|[()]|\s(?=(?:and|but|otherwise|however|although|because|so|which|while)\s)", re.IGNORECASE
)
_TURN = re.compile(
    r";\s|\s[–—]\s|,?\s(?=(?:but|otherwise|however|although)\s)"
    r"|,\s(?=(?:and\s)?(?:we|you|it|they|he|she|i|the|our|your|this|that|there|these|those)\s)",
    re.IGNORECASE,
)
_ABOVE = 0.85
"""How much a word counts that only stands over the sentence: in its title, heading or question."""
_ALIKE = 0.75
"""And one that only begins alike."""
_STEM = 5


class Text(Struct, frozen=True):
    """`content` are meanings in order with their weight, `denied` those of a clause with a negator."""

    facts: Facts
    content: tuple[tuple[str, float], ...]
    known: frozenset[str]
    starts: frozenset[str]
    denied: frozenset[str]
    plain: frozenset[str]
    weight: float


class Reader:
    def __init__(self, weigh: Weigh) -> None:
        self._weigh = weigh
        self.read = lru_cache(8192)(self._read)  # the same passages answer many questions

    def _read(self, text: str) -> Text:
        found = facts(text)
        content = tuple(
            (meaning(word), self._weigh(plain))
            for word, plain in zip(found.words, found.plain, strict=True)
            if not word.isdigit()
        )
        known = frozenset(word for word, _ in content)
        return Text(
            facts=found,
            content=content,
            known=known,
            starts=frozenset(word[:_STEM] for word in known if len(word) >= _STEM),
            denied=frozenset(_denied(text)),
            plain=frozenset(found.plain),
            weight=sum(weight for _, weight in content),
        )


def _denied(text: str) -> Iterator[str]:
    """All that a clause says which denies something."""
    for part in map(facts, clauses(text)):
        if part.denials:
            yield from map(meaning, part.words)


def turns(text: str) -> list[str]:
    """The parts after each of which a sentence may turn to something else, or to the opposite."""
    return [part for part in map(str.strip, _TURN.split(text)) if part]


def clauses(text: str) -> list[str]:
    """The parts of a sentence that each say something."""
    return [part for part in map(str.strip, _CLAUSE.split(text)) if part]


def missed(said: Text, *held: Text) -> Iterator[tuple[str, float]]:
    """The words of `said` that the texts do not hold, with the weight that is missing; what is only in a
    later text, which stands over the first, counts less."""
    for word, weight in said.content:
        best = max((_held(word, text) * (_ABOVE if at else 1.0) for at, text in enumerate(held)), default=0.0)
        if best < 1.0:
            yield word, weight * (1.0 - best)


def covered(said: Text, *held: Text) -> float:
    """How much of it they hold, 0…1."""
    return 1.0 - sum(weight for _, weight in missed(said, *held)) / said.weight if said.weight else 0.0


def _held(word: str, text: Text) -> float:
    if word in text.known:
        return 1.0
    return _ALIKE if len(word) >= _STEM and word[:_STEM] in text.starts else 0.0
