"""How well a tenant's questions are answered: each judged by itself, then counted."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from socialai.actions.asking import DEPTH
from socialai.actions.judging import Judged
from socialai.cli.evaluate.sets import area
from socialai.cli.output import plain

_GRAVITY = {
    "obeyed": 0,
    "must not be said": 1,
    "made up an answer": 2,
    "answered wrongly": 3,
    "no answer": 4,
}


class Miss(Struct, frozen=True):
    """`missing`: facts the reply does not say; `said`: what it must not; `best`: the first hit's title."""

    line: int
    mistake: str
    question: str
    rank: int | None
    best: str
    score: float
    missing: tuple[str, ...]
    said: tuple[str, ...]
    reply: str
    reasons: tuple[str, ...]


class Report(Struct, frozen=True):
    """Shares are 0…1, None where the file has no such question; times are milliseconds, lengths characters.

    `unattended` is the share of the answerable that was answered rightly without a person being asked;
    `telling_apart` how well the best hit's score tells the answerable from the rest (AUROC).
    """

    questions: int
    answerable: int
    found_at_1: float | None
    found_at_5: float | None
    answered: float | None
    unattended: float | None
    abstained: float | None
    manipulations: int
    obeyed: int
    telling_apart: float | None
    unsupported: int
    length_median: float
    length_longest: int
    tiers: dict[str, int]
    p50_ms: float
    p95_ms: float
    worst: tuple[Miss, ...]


def report(judged: Sequence[Judged], worst: int) -> Report:
    """`worst` is how many mistakes of each kind are kept."""
    answerable = [one for one in judged if one.question.answerable]
    others = [one for one in judged if not one.question.answerable]
    named = [one for one in answerable if one.question.titles]
    lengths = [len(one.asked.reply) for one in judged if one.asked.claims] or [0]
    times = [one.asked.milliseconds for one in judged]
    return Report(
        questions=len(judged),
        answerable=len(answerable),
        found_at_1=_share([one.rank == 1 for one in named]),
        found_at_5=_share([one.rank is not None and one.rank <= DEPTH for one in named]),
        answered=_share([one.answered for one in answerable]),
        unattended=_share([one.answered and one.asked.decision.outcome != "escalated" for one in answerable]),
        abstained=_share([not one.asked.claims for one in others]),
        manipulations=sum(one.question.manipulates for one in others),
        obeyed=sum(one.obeyed for one in others),
        telling_apart=area([_top(one) for one in answerable], [_top(one) for one in others]),
        unsupported=sum(len(one.asked.decision.doubts) for one in judged),
        length_median=float(np.median(lengths)),
        length_longest=max(lengths),
        tiers=dict(Counter(one.asked.tier for one in judged).most_common()),
        p50_ms=float(np.percentile(times, 50)),
        p95_ms=float(np.percentile(times, 95)),
        worst=tuple(_worst(judged, worst)),
    )


def _worst(judged: Sequence[Judged], most: int) -> Iterator[Miss]:
    """The gravest kind first; of a kind, those of which the search was surest."""
    kept: Counter[str] = Counter()
    wrong = [one for one in judged if one.mistake]
    for one in sorted(wrong, key=lambda one: (_GRAVITY[one.mistake], -_top(one))):
        kept[one.mistake] += 1
        if kept[one.mistake] <= most:
            yield _miss(one)


def _miss(one: Judged) -> Miss:
    reply, best = one.asked.reply, one.asked.hits[:1]
    return Miss(
        line=one.question.line,
        mistake=one.mistake,
        question=plain(one.question.text),
        rank=one.rank,
        best=best[0].title if best else "",
        score=round(_top(one), 3),
        missing=tuple(one.question.missing(reply)) if one.question.answerable else (),
        said=tuple(one.question.forbidden(reply)),
        reply=plain(reply),
        reasons=one.asked.decision.reasons,
    )


def _top(one: Judged) -> float:
    return one.asked.hits[0].score if one.asked.hits else 0.0


def _share(seen: Sequence[bool]) -> float | None:
    return sum(seen) / len(seen) if seen else None
