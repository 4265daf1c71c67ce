"""The business as its customers know it: where it is in time, and when somebody is there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Meta, Struct

from socialai.errors import InvalidInput

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Hours(Struct, frozen=True):
    """Of one day, in the business's own time."""

    opens: Clock
    closes: Clock


Week = tuple[Hours | None, Hours | None, Hours | None, Hours | None, Hours | None, Hours | None, Hours | None]
"""From Monday; None where it is closed."""


_OFFICE = Hours("09:00", "17:00")


class Business(Struct, frozen=True):
    time_zone: str = "UTC"
    week: Week = (_OFFICE, _OFFICE, _OFFICE, _OFFICE, _OFFICE, None, None)


def check_zone(name: str) -> str:
    if name not in available_timezones():
        raise InvalidInput("Choose a time zone from the list, for example Europe/Oslo.")
    return name


def check_hours(day: str, opens: str, closes: str) -> Hours | None:
    """Both empty: closed."""
    if not (opens or closes):
        return None
    if not (opens and closes) or closes <= opens:
        raise InvalidInput(
            f"{day}: say when you open and when you close later that day, or leave both empty."
        )
    return Hours(opens, closes)


def is_open(business: Business, now: datetime) -> bool:
    here = now.astimezone(ZoneInfo(business.time_zone))
    hours = business.week[here.weekday()]
    return hours is not None and hours.opens <= here.strftime("%H:%M") < hours.closes


def hours_text(business: Business) -> str:
    """The week in sentences, as an article that questions are answered from."""
    return " ".join(_sentences(dict(zip(DAYS, business.week, strict=True))))


def _sentences(week: Mapping[str, Hours | None]) -> Iterator[str]:
    """Days in a row that are alike share a sentence."""
    for hours, days in groupby(week, key=lambda day: week[day]):
        named = list(days)
        when = named[0] if len(named) == 1 else f"{named[0]} to {named[-1]}"
        yield (
            f"{when}: closed."
            if hours is None
            else f"We are open {when} from {hours.opens} to {hours.closes}."
        )
