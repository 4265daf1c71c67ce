"""Times are aware UTC; their text form sorts as they do."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """The one text form of a time in the database: '2026-11-23T08:00:00.000000Z'."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def stamp_or_none(at: datetime | None) -> str | None:
    return stamp(at) if at else None
