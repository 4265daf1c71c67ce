"""How well messages were understood: counted one by one, so that a file of any length can be scored."""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from socialai.cli.evaluate.labelled import Labelled
from socialai.cli.evaluate.path import Judged
from socialai.cli.evaluate.sets import calibration_error
from socialai.cli.output import plain
from socialai.domain.triage import INTENTS, MOODS, URGENCIES

WORST = 10
_LONGEST = 300
_PLACES = {
    **{"angry": 0.0, "negative": 0.2, "neutral": 0.5, "positive": 1.0},
    **{"low": 0.0, "medium": 0.5, "high": 1.0},
}
"""Where moods and urgencies lie, to say how far off one is."""


class KindScore(Struct, frozen=True):
    """Shares are 0…1. Row n of `confusion` is what messages that are `labels[n]` were taken for."""

    messages: int
    accuracy: float
    macro_f1: float
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


class Escalation(Struct, frozen=True):
    """`recall`: of those that a person must see; `precision`: of those that a person gets. 0…1."""

    messages: int
    wanted: int
    found: int
    escalated: int
    recall: float | None
    precision: float | None


class Mistake(Struct, frozen=True, order=True):
    """`weight` says how bad it is: the confidence, or how far off."""

    weight: float
    line: int
    kind: str
    meant: str
    said: str
    text: str


class Report(Struct, frozen=True):
    """`calibration_error` is that of the intent's confidence (ECE), over ten equal bins."""

    messages: int
    kinds: dict[str, KindScore]
    calibration_error: float | None
    escalation: Escalation | None
    worst: tuple[Mistake, ...]


class Tally:
    """Feed it with `add`, then ask for the `report`."""

    def __init__(self, worst: int = WORST) -> None:
        self._most, self._messages = worst, 0
        self._pairs: dict[str, Counter[tuple[str, str]]] = {}
        self._sure: list[tuple[float, bool]] = []
        self._mistakes: dict[str, list[Mistake]] = {}
        self._escalations: Counter[tuple[bool, bool]] = Counter()

    def add(self, meant: Labelled, judged: Judged) -> None:
        self._messages += 1
        triage = judged.triage
        if meant.intents:
            self._intent(meant, triage.raw_intent, triage.confidence)
            right = triage.intent if triage.intent in meant.intents else _first(meant)
            self._count("intent acted on", right, triage.intent)
        if meant.mood:
            said = triage.sentiment.label
            self._judge("sentiment", meant, meant.mood, said, _apart(meant.mood, said))
        if meant.urgency:
            self._judge(
                "urgency", meant, meant.urgency, triage.urgency, _apart(meant.urgency, triage.urgency)
            )
        if meant.escalate is not None:
            self._escalation(meant, judged.reasons)

    def report(self) -> Report:
        sure = np.array([chance for chance, _ in self._sure], np.float32)
        right = np.array([hit for _, hit in self._sure])
        return Report(
            messages=self._messages,
            kinds=dict(self._scores()),
            calibration_error=calibration_error(sure, right) if self._sure else None,
            escalation=self._escalated(),
            worst=tuple(self._worst()),
        )

    def _worst(self) -> Iterator[Mistake]:
        """Where the file never says angry, our angry is no mistake beside its negative."""
        mild = not any(meant == "angry" for meant, _ in self._pairs.get("sentiment", ()))
        for found in self._mistakes.values():
            for each in sorted(found, reverse=True):
                if not (mild and _mild(each.meant) == _mild(each.said)):
                    yield msgspec.structs.replace(each, line=-each.line)

    def _intent(self, meant: Labelled, said: Any, confidence: float) -> None:
        """An acceptable intent counts as the one that was meant."""
        right = said in meant.intents
        self._sure.append((confidence, right))
        self._judge("intent", meant, said if right else _first(meant), said, confidence)

    def _judge(self, kind: str, meant: Labelled, right: str, said: str, weight: float) -> None:
        self._count(kind, right, said)
        if right != said:
            self._keep(kind, weight, meant, right, said)

    def _escalation(self, meant: Labelled, reasons: Sequence[str]) -> None:
        wanted, said = bool(meant.escalate), bool(reasons)
        self._escalations[wanted, said] += 1
        if wanted != said:
            given = "; ".join(reasons) or "no reason found"
            self._keep("escalate", 1.0 if wanted else 0.5, meant, "yes" if wanted else "no", given)

    def _count(self, kind: str, right: str, said: str) -> None:
        self._pairs.setdefault(kind, Counter())[right, said] += 1

    def _keep(self, kind: str, weight: float, meant: Labelled, right: str, said: str) -> None:
        """The worst of each kind; what people wrote cannot steer a terminal."""
        found = self._mistakes.setdefault(kind, [])
        text = plain(meant.text[:_LONGEST])
        heapq.heappush(found, Mistake(round(weight, 4), -meant.line, kind, right, said, text))
        if len(found) > self._most:
            heapq.heappop(found)

    def _scores(self) -> Iterator[tuple[str, KindScore]]:
        orders: dict[str, tuple[str, ...]] = {"sentiment": MOODS, "urgency": URGENCIES}
        for kind, pairs in self._pairs.items():
            if kind == "sentiment":
                yield from _sentiment(pairs)
            else:
                yield kind, kind_score(pairs, orders.get(kind, INTENTS))

    def _escalated(self) -> Escalation | None:
        counts = self._escalations
        if not counts:
            return None
        found, wanted = counts[True, True], counts[True, True] + counts[True, False]
        escalated = found + counts[False, True]
        return Escalation(
            messages=counts.total(),
            wanted=wanted,
            found=found,
            escalated=escalated,
            recall=found / wanted if wanted else None,
            precision=found / escalated if escalated else None,
        )


def kind_score(pairs: Counter[tuple[str, str]], labels: Sequence[str]) -> KindScore:
    used = tuple(label for label in labels if any(label in pair for pair in pairs))
    confusion = tuple(tuple(pairs[meant, said] for said in used) for meant in used)
    total = pairs.total()
    right = sum(count for (meant, said), count in pairs.items() if meant == said)
    return KindScore(total, right / total, _macro_f1(confusion), used, confusion)


def _macro_f1(confusion: Sequence[Sequence[int]]) -> float:
    """The mean over the labels that the file has."""
    table = np.array(confusion, float)
    meant, said = table.sum(axis=1), table.sum(axis=0)
    scores = 2 * table.diagonal() / np.maximum(meant + said, 1)
    return float(scores[meant > 0].mean())


def _sentiment(pairs: Counter[tuple[str, str]]) -> Iterator[tuple[str, KindScore]]:
    """With four moods and with three; where the file never says angry, only with three."""
    if any(meant == "angry" for meant, _ in pairs):
        yield "sentiment", kind_score(pairs, MOODS)
        yield "sentiment, angry as negative", kind_score(_milder(pairs), MOODS)
    else:
        yield "sentiment", kind_score(_milder(pairs), MOODS)


def _milder(pairs: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    out: Counter[tuple[str, str]] = Counter()
    for (meant, said), count in pairs.items():
        out[_mild(meant), _mild(said)] += count
    return out


def _mild(label: str) -> str:
    return "negative" if label == "angry" else label


def _apart(one: str, other: str) -> float:
    return abs(_PLACES[one] - _PLACES[other])


def _first(meant: Labelled) -> str:
    return meant.intent or min(meant.intents)
