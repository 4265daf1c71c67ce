"""X's ids carry the time at which they were given out."""

from datetime import datetime

from socialai.errors import ParseError
from socialai.platforms.reading import moment

_FIRST_MS = 1_288_834_974_657
_BITS = 22


def time_of(snowflake: str) -> datetime:
    """When the id was made, or ParseError when it is no number."""
    if not snowflake.isdecimal():
        raise ParseError("an id is not a number")
    return moment((int(snowflake) >> _BITS) + _FIRST_MS)


def first_of(at: datetime) -> str:
    """The smallest id of a moment."""
    return str(max(round(at.timestamp() * 1000) - _FIRST_MS, 0) << _BITS)
