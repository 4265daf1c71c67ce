"""What the quality page's charts are drawn from, as charts.js reads it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import accumulate
from typing import Any

import msgspec

from socialai.domain.correction import Part, Quality
from socialai.domain.triage import INTENTS, Intent

_PARTS: dict[Part, tuple[str, str]] = {
    "intent": ("Intent", "#0d9488"),
    "mood": ("Mood", "#d97706"),
    "urgency": ("Urgency", "#6366f1"),
}
_INTENTS: dict[Intent, str] = {
    "sales": "#10b981",
    "support": "#3b82f6",
    "inquiry": "#94a3b8",
    "complaint": "#ef4444",
    "spam": "#78716c",
}


def agreement(seen: Quality) -> str:
    """The share of each week that nobody corrected."""
    series = [
        {
            "label": label,
            "color": color,
            "values": [round(week.agreed[each] / week.reviewed, 4) for week in seen.weeks],
        }
        for each, (label, color) in _PARTS.items()
    ]
    return _chart("lines", _days([week.starts_on for week in seen.weeks]), series)


def mix(seen: Quality) -> str:
    """The share of each intent, one on the other: the last to be drawn is the lowest."""
    stacked = [_stacked([week.intents.get(intent, 0) for intent in INTENTS]) for week in seen.mix]
    series = [
        {"label": intent.capitalize(), "color": _INTENTS[intent], "values": [week[place] for week in stacked]}
        for place, intent in enumerate(INTENTS)
    ]
    return _chart("stack", _days([week.starts_on for week in seen.mix]), series[::-1])


def calibration(seen: Quality) -> str:
    """How sure it was against how often it was right, with the line where both are equal."""
    sure = sorted({0.0, 1.0} | {each.confidence for each in seen.calibration})
    right = {each.confidence: each.right for each in seen.calibration}
    series: list[dict[str, Any]] = [
        {"label": "As sure as right", "color": "#94a3b8", "dash": [6, 6], "values": sure},
        {"label": "Your messages", "color": "#0d9488", "values": [right.get(each) for each in sure]},
    ]
    return _chart("shares", sure, series)


def _stacked(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [round(each / total, 4) for each in accumulate(counts)]


def _days(days: Sequence[date]) -> list[float]:
    return [datetime.combine(day, time(12), UTC).timestamp() for day in days]


def _chart(kind: str, at: Sequence[float], series: Sequence[dict[str, Any]]) -> str:
    return msgspec.json.encode({"kind": kind, "at": at, "series": series}).decode()
