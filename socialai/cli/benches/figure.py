"""What was measured, beside what it is compared to."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

Say = Callable[[str], None]
"""Tells the person who waits what is being done."""


class Figure(Struct, frozen=True, kw_only=True):
    """`wanted` is the border that `good` is about; None for a figure that is only there to be compared to."""

    name: str
    value: float
    unit: str
    compared_to: str
    wanted: str = ""
    good: bool | None = None


class Extent(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    rounds: int
    requests: int
    """Deliveries a round of `intake`."""
    messages: int
    """Conversations that `decide` works off."""
    articles: int
    chunks: int
    questions: int
    starts: int
    megabytes: int
    """Of the tenant that `backup` copies."""
    model: Path | None = None
    """A GGUF file."""


FULL = Extent(
    rounds=3,
    requests=6000,
    messages=4000,
    articles=200,
    chunks=10_000,
    questions=300,
    starts=3,
    megabytes=1000,
)
SHORT = Extent(rounds=1, requests=100, messages=20, articles=3, chunks=60, questions=5, starts=1, megabytes=4)


def at_least(border: float, *, name: str, value: float, unit: str, compared_to: str) -> Figure:
    return Figure(
        name=name,
        value=value,
        unit=unit,
        compared_to=compared_to,
        wanted=f"≥ {border:g} {unit}",
        good=value >= border,
    )


def at_most(border: float, *, name: str, value: float, unit: str, compared_to: str) -> Figure:
    return Figure(
        name=name,
        value=value,
        unit=unit,
        compared_to=compared_to,
        wanted=f"≤ {border:g} {unit}",
        good=value <= border,
    )


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank one, so that it is a value that was measured."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
