"""A contact's commercial interest: a weighted score that carries its reasons."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from socialai.domain.triage import Intent

Temperature = Literal["hot", "warm", "cold"]
Points = Annotated[float, Meta(ge=0, le=100)]


class Weights(Struct, frozen=True):
    """The most each part can give; a tenant's setting. They add up to 100."""

    intent: Points = 40
    sentiment: Points = 30
    engagement: Points = 20
    profile: Points = 10


class Thresholds(Struct, frozen=True):
    """Hot over `hot`, warm from `warm`, else cold."""

    hot: Points = 80
    warm: Points = 50


class Score(Struct, frozen=True):
    value: int
    temperature: Temperature
    reasons: tuple[str, ...]


class Lead(Struct, frozen=True):
    contact_id: int
    score: int
    temperature: Temperature
    intent: Intent
    reasons: tuple[str, ...]
    source: str
    conversation_id: int
    created_at: datetime
    updated_at: datetime
    converted_at: datetime | None = None


_INTEREST: dict[Intent, float] = {
    "sales": 1.0,
    "inquiry": 0.75,
    "support": 0.5,
    "complaint": 0.25,
    "spam": 0.0,
}
_WORDS: dict[Intent, str] = {
    "sales": "wants to buy",
    "inquiry": "asks a question",
    "support": "needs help with something they have",
    "complaint": "complains",
    "spam": "looks like spam",
}
_MESSAGES_FOR_ALL = 5


def score_lead(
    intent: Intent,
    sentiment: float,
    earlier_messages: int,
    has_profile: bool,
    weights: Weights,
    thresholds: Thresholds,
) -> Score:
    """Score 0–100 of a contact. `sentiment` is -1…1; `earlier_messages` counts the contact's own."""
    engaged = min(earlier_messages, _MESSAGES_FOR_ALL) / _MESSAGES_FOR_ALL
    parts = (
        (weights.intent * _INTEREST[intent], weights.intent, f"intent {intent}: {_WORDS[intent]}"),
        (weights.sentiment * (sentiment + 1) / 2, weights.sentiment, f"mood {sentiment:+.2f}"),
        (weights.engagement * engaged, weights.engagement, f"{earlier_messages} earlier messages"),
        (
            weights.profile * has_profile,
            weights.profile,
            "profile known" if has_profile else "no profile yet",
        ),
    )
    value = max(0, min(100, round(sum(points for points, _, _ in parts))))
    reasons = tuple(f"{points:.0f} of {most:.0f}: {why}" for points, most, why in parts)
    return Score(value, temperature(value, thresholds), reasons)


def temperature(score: float, thresholds: Thresholds) -> Temperature:
    if score > thresholds.hot:
        return "hot"
    return "warm" if score >= thresholds.warm else "cold"
