"""A sentence of a reply and the sentence of the knowledge it comes from: the figures the judge weighs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.domain.quantities import Quantity
from socialai.domain.support import Candidate
from socialai.domain.wording import APART
from socialai.inference.agreement import Reader, Text, Weigh, clauses, covered, missed, turns
from socialai.inference.binding import Binding

Floats = NDArray[np.float64]

NAMES = (
    "overlap", "overlap_pairs", "covered", "covered_passage", "covered_all", "clause", "clause_passage",
    "pairs", "run", "closeness", "closest", "rarest", "rarest_passage", "missed", "missed_passage",
    "number", "number_margin", "day", "name", "link", "rivals", "subjects", "denial", "denied", "apart",
    "only", "every", "lost", "reverse",
)  # fmt: skip
"""The figures of a link, in order; of each, more speaks for it."""

_ONLY = frozenset("only just exclusively solely".split())
_EVERY = frozenset(
    "all always any anything ever every everything everybody everyone whole complete forever".split()
)
_LIMITS = frozenset("only except unless until if".split())
_CLOSENESS, _NUMBERS = 0.35, 0.15
"""What nearness of meaning and the same numbers add to the share of words that are covered."""
_NEAR = 0.1
"""A sentence that fits almost as well as the best may be meant as well."""
_FAR = -1.0
_OPPOSITE = 0.7
_SHARE, _AS_MUCH = 0.35, 0.9
_ENOUGH = 0.4
"""Of weight: a clause that says less is judged with the whole."""


class Link(Struct, frozen=True):
    place: int
    figures: Floats
    doubts: tuple[str, ...]


class Linker:
    def __init__(self, weigh: Weigh) -> None:
        self._read = Reader(weigh).read

    def link(self, claim: str, candidates: Sequence[Candidate]) -> Link:
        """`candidates` is not empty."""
        parts = [part for part in turns(claim) if self._read(part).weight >= _ENOUGH] or [claim]
        links = [_Comparison(self._read, part, candidates).link() for part in parts]
        worst = np.min([link.figures for link in links], axis=0)
        return Link(
            links[0].place, worst, tuple(dict.fromkeys(doubt for link in links for doubt in link.doubts))
        )


class _Comparison:
    def __init__(self, read: Callable[[str], Text], claim: str, candidates: Sequence[Candidate]) -> None:
        self._read = read
        self._said = read(claim)
        parts = [(part, read(part)) for part in clauses(claim)]
        self._parts = [part for part in parts if part[1].weight >= _ENOUGH] or [(claim, self._said)]
        self._candidates = candidates
        self._texts = [read(one.text) for one in candidates]
        self._above = [read(one.context) for one in candidates]
        closeness = np.array([one.closeness for one in candidates])
        self._fits = _CLOSENESS * closeness + np.array([self._fit(at) for at in self._all])
        self._place = int(self._fits.argmax())
        self._doubts: list[str] = []

    @property
    def _all(self) -> range:
        return range(len(self._candidates))

    def link(self) -> Link:
        figures = np.array([*self._words(), *self._facts(), *self._sense(), *self._form()])
        return Link(self._place, figures, tuple(self._doubts))

    def _fit(self, at: int) -> float:
        numbers = self._said.facts.numbers
        same = sum(any(map(number.says, self._texts[at].facts.numbers)) for number in numbers)
        return self._cover(self._said, at) + _NUMBERS * same / max(1, len(numbers))

    def _cover(self, said: Text, at: int) -> float:
        return covered(said, self._texts[at], self._above[at])

    def _words(self) -> Iterator[float]:
        place, said = self._place, self._said
        one = self._candidates[place]
        passage = (self._texts[place], self._read(one.around), self._above[place])
        everything = (
            self._texts[place],
            *{id(text): text for text in map(self._read, self._passages())}.values(),
        )
        words = (self._read(one.around) if one.around else self._texts[place]).facts.plain
        yield _overlap(said.facts.plain, words)
        yield _overlap(pairwise(said.facts.plain), pairwise(words))
        yield self._cover(said, place)
        yield covered(said, *passage)
        yield covered(said, *everything)
        yield min(self._cover(part, place) for _, part in self._parts)
        yield min(covered(part, *passage) for _, part in self._parts)
        yield _shared_pairs(said, self._texts[place])
        yield _longest_run(said, self._texts[place])
        yield one.closeness
        yield max(each.closeness for each in self._candidates)
        for held in ((self._texts[place], self._above[place]), passage):
            yield -max((weight for _, weight in missed(said, *held)), default=0.0)
        for held in ((self._texts[place], self._above[place]), passage):
            yield -sum(weight for _, weight in missed(said, *held))

    def _passages(self) -> list[str]:
        return list(dict.fromkeys(f"{one.context}\n{one.around}" for one in self._candidates))

    def _facts(self) -> Iterator[float]:
        said = self._said.facts
        numbers = [(number, self._with_number(number)) for number in said.numbers]
        yield -sum(self._place not in holders for _, holders in numbers)
        for margins in (
            [self._margin(holders, f"number: {number.text}", number.text) for number, holders in numbers],
            [self._margin(self._with_day(day), f"day: {day.title()}", day) for day in sorted(said.days)],
            [self._margin(self._with_name(name), f"name: {name}", name) for name in said.names],
        ):
            yield min(margins, default=0.0)
        yield -sum(map(self._unknown_link, said.links))
        binding = Binding(self._read, self._said, self._candidates[self._place].text)
        yield binding.of_numbers()
        yield binding.of_subjects()

    def _margin(self, holders: Sequence[int], doubt: str, fact: str) -> float:
        """0 when the sentence it is linked to has it, else how much worse the best one fits that does."""
        if self._place in holders:
            return 0.0
        best = max((self._fits[at] for at in holders), default=_FAR)
        parts = [part for text, part in self._parts if fact.lower() in text.lower()]
        clause = max((self._clause_margin(part, holders) for part in parts), default=_FAR)
        margin = max(_FAR, min(0.0, max(best - self._fits[self._place], clause)))
        if margin < -_NEAR:
            self._doubts.append(doubt)
        return float(margin)

    def _clause_margin(self, part: Text, holders: Sequence[int]) -> float:
        """A sentence may join what two sentences say."""
        if len(self._parts) < 2 or not holders:
            return _FAR
        return max(self._cover(part, at) for at in holders) - max(self._cover(part, at) for at in self._all)

    def _with_number(self, number: Quantity) -> list[int]:
        return [at for at in self._all if any(map(number.says, self._texts[at].facts.numbers))]

    def _with_day(self, day: str) -> list[int]:
        return [at for at in self._all if day in self._texts[at].facts.days | self._above[at].facts.days]

    def _with_name(self, name: str) -> list[int]:
        words = self._read(name)
        passages = [self._read(one.around).known for one in self._candidates]
        return [
            at
            for at in self._all
            if words.known <= self._texts[at].known | self._above[at].known | passages[at]
        ]

    def _unknown_link(self, link: str) -> bool:
        unknown = not any(link in self._texts[at].facts.links for at in self._all)
        if unknown:
            self._doubts.append(f"link: {link}")
        return unknown

    def _sense(self) -> Iterator[float]:
        """Does one deny what the other says, or say more of it than it does?"""
        near = [at for at in self._all if self._fits[at] >= self._fits[self._place] - _NEAR]
        denial = min(self._denial(at) for at in near)
        if denial > _OPPOSITE:
            self._doubts.append("negation: it says the opposite")
        held, above = self._texts[self._place], self._above[self._place]
        yield -denial
        yield -min(self._denied(self._texts[at]) for at in near)
        yield -sum(_set_apart(self._said, held, above))
        around = self._read(self._candidates[self._place].around)
        for words in (_ONLY, _EVERY):
            yield -bool(self._said.plain & words and not (held.plain | around.plain) & words)
        yield -bool(held.plain & _LIMITS and not self._said.plain & _LIMITS)

    def _denial(self, at: int) -> float:
        """How much of a clause is covered by the one nearest to it, where only one of both denies."""
        text = self._candidates[at].text
        wholes, clear = (
            [self._read(part) for part in turns(text)],
            [self._read(part) for part in clauses(text)],
        )
        least = _SHARE * self._said.weight
        parts = [part for _, part in self._parts if part.weight >= least] or [self._said]
        return max((self._opposed(part, wholes, clear) for part in parts), default=0.0)

    def _opposed(self, part: Text, wholes: Sequence[Text], clear: Sequence[Text]) -> float:
        """A clause that covers as much as all of it is what is meant: the rest may deny what it likes."""
        whole, one = (max(texts, key=lambda text: covered(part, text)) for texts in (wholes, clear))
        nearest = one if covered(part, one) >= _AS_MUCH * covered(part, whole) else whole
        return covered(part, nearest) if bool(part.facts.denials) != bool(nearest.facts.denials) else 0.0

    def _denied(self, held: Text) -> float:
        """The weight of words that both have and only one denies."""
        return sum(
            weight
            for word, weight in dict(self._said.content).items()
            if word in held.known and (word in self._said.denied) != (word in held.denied)
        )

    def _form(self) -> Iterator[float]:
        yield covered(self._texts[self._place], self._said)


def _set_apart(said: Text, held: Text, above: Text) -> Iterator[int]:
    there = held.plain | above.plain
    return (1 for word in said.plain - there if (APART.get(word, frozenset()) & there) - said.plain)


def _shared_pairs(said: Text, held: Text) -> float:
    """Of two words that follow each other."""
    ours, theirs = _pairs(said), _pairs(held)
    return len(ours & theirs) / len(ours) if ours else 0.0


def _pairs(text: Text) -> set[Any]:
    return set(pairwise(word for word, _ in text.content))


def _overlap(ours: Iterable[Any], theirs: Iterable[Any]) -> float:
    """The share of all words, those that say nothing among them: in other words other things are said."""
    said, there = list(ours), set(theirs)
    return sum(one in there for one in said) / max(1, len(said))


def _longest_run(said: Text, held: Text) -> float:
    """The share of the words that stand in the same order in both, without a gap."""
    ours, theirs = [word for word, _ in said.content], [word for word, _ in held.content]
    best, row = 0, [0] * (len(theirs) + 1)
    for word in ours:
        row = [0, *(row[at] + 1 if word == other else 0 for at, other in enumerate(theirs))]
        best = max(best, *row)
    return best / max(1, len(ours))
