"""What people say of how messages were understood, and how good that is, for the quality page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from socialai.domain.triage import Intent, Mood, Sentiment, Understanding, Urgency

Part = Literal["intent", "mood", "urgency"]
PARTS: tuple[Part, ...] = ("intent", "mood", "urgency")

_SCORES: dict[Mood, float] = {"angry": -0.85, "negative": -0.45, "neutral": 0.0, "positive": 0.5}


class Judgement(Struct, frozen=True):
    """How one message was or should have been understood. `confidence` is of the intent, 1 for a person's."""

    intent: Intent
    mood: Mood
    urgency: Urgency
    confidence: float = 1.0


class Correction(Struct, frozen=True):
    """`meant` may equal `said`: then a person confirmed it."""

    message_id: int
    text: str
    said: Judgement
    meant: Judgement
    created_at: datetime
    user_id: int | None = None
    turn_id: int | None = None


class Checked(Struct, frozen=True):
    """Of `messages` that were kept out, the share understood as a person says: before and after learning."""

    part: Part
    messages: int
    before: float
    after: float


class LearntReport(Struct, frozen=True):
    """What came of the last learning from corrections. When refused, `reason` says why in plain words and the
    head before it goes on."""

    corrections: int
    accepted: bool
    reason: str
    checked: tuple[Checked, ...]
    created_at: datetime


class Learning(Struct, frozen=True):
    """How far the learning from corrections is: it begins at `least`; `is_current`: the last ones were looked
    at; `used_at`: what is in use was learnt then, None while nothing is."""

    corrections: int
    least: int
    is_current: bool
    used_at: datetime | None
    last: LearntReport | None


class Week(Struct, frozen=True):
    """A week from its Monday. `reviewed` messages were corrected, confirmed, or answered with an approved
    draft; `agreed` counts, for each part, those that nobody corrected."""

    starts_on: date
    reviewed: int
    agreed: dict[Part, int]


class Cell(Struct, frozen=True):
    """One cell of a confusion table: how often `said` was understood where a person says `meant`."""

    part: Part
    said: str
    meant: str
    count: int


class Mix(Struct, frozen=True):
    """How many turns of a week had which intent and mood: the drift of what people write. `own` counts the
    tenant's own intents, by name."""

    starts_on: date
    intents: dict[Intent, int]
    moods: dict[Mood, int]
    own: dict[str, int] = {}


class Bin(Struct, frozen=True):
    """Of reviewed messages whose confidence lay in [low, high): how many, their mean confidence, and the
    share whose intent was right. A calibrated model has the last two equal."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


class Quality(Struct, frozen=True):
    """What the quality page draws, oldest week first; `calibration_error` (ECE) is None without reviews."""

    since: date
    reviewed: int
    weeks: tuple[Week, ...]
    confusion: tuple[Cell, ...]
    mix: tuple[Mix, ...]
    calibration: tuple[Bin, ...]
    calibration_error: float | None
    learnt: LearntReport | None


def checked(
    before: Sequence[Judgement], after: Sequence[Judgement], meant: Sequence[Judgement]
) -> tuple[Checked, ...]:
    """The share that agrees with `meant`, part by part; at least one judgement."""

    def share(said: Sequence[Judgement], part: Part) -> float:
        right = [getattr(one, part) == getattr(two, part) for one, two in zip(said, meant, strict=True)]
        return round(right.count(True) / len(right), 4)

    return tuple(Checked(part, len(meant), share(before, part), share(after, part)) for part in PARTS)


def verdict(corrections: int, found: tuple[Checked, ...], now: datetime) -> LearntReport:
    """Accepted unless any part got worse."""
    reason = "; ".join(
        f"{one.part} would be right {one.after:.0%} of the time instead of {one.before:.0%}"
        for one in found
        if one.after < one.before
    )
    return LearntReport(corrections, not reason, reason, found, now)


def judgement_of(said: Understanding) -> Judgement:
    return Judgement(said.intent, said.sentiment.label, said.urgency, said.confidence)


def as_meant(said: Understanding, meant: Judgement) -> Understanding:
    """The mood's score moves to the middle of its new label, and only when the label changes."""
    mood = (
        said.sentiment if said.sentiment.label == meant.mood else Sentiment(meant.mood, _SCORES[meant.mood])
    )
    return Understanding(meant.intent, meant.confidence, mood, meant.urgency)
