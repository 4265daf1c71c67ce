"""Dates named in a message: 'tomorrow', '12 May', '24.12.', counted from the day it was written."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NTH = rf"{_DAY}(?:st|nd|rd|th)"
_YEAR = r"(?:,?\s(?:19|20)\d\d)?"
_WEEKDAY = (
    r"(?<!\bto )(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|thu|fri)"
    r"(?!\s?(?:-|–|to\b|through\b))"
)
_COUNT = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten)"
_SPAN = r"(?:days?|weeks?|months?|years?)"
_AFTER_DAY = r"(?:at|and|or|to|but|we|i|is|it|please|for|in)"
_FORMS = (
    r"(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-" + _DAY,
    rf"{_DAY}[./]{_DAY}[./](?:(?:19|20)\d\d|\d\d)(?![\d/]|\.\d)",
    rf"(?:{_NTH}|{_DAY})(?:\sof)?\s{_MONTH}\b\.?{_YEAR}",
    rf"{_MONTH}\.?\s(?:{_NTH}|{_DAY}(?!\d|[.:]\d)){_YEAR}",
    r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\d)",
    r"the day (?:after tomorrow|before yesterday)|today|tonight|tomorrow|yesterday",
    rf"(?:(?:next|last|this|since)\s)?{_WEEKDAY}\b",
    r"(?:next|last)\s(?:week|month|year)",
    rf"in\s{_COUNT}\s{_SPAN}|{_COUNT}\s{_SPAN}\sago",
    rf"(?:on|by|until|till|from|since|before|after)\sthe\s{_NTH}(?=\s*(?:$|[.,;:!?)]|{_AFTER_DAY}\b))",
)
_DATE = re.compile(rf"(?<![\w.,/#-])(?:{'|'.join(_FORMS)})(?![\w-])", re.IGNORECASE)
_MONTH_FIRST = frozenset({"US", "PH", "CA"})
_SHORT_YEAR = re.compile(r"(?<=[./])(\d\d)$")
_MOST = 5


class FoundDate(NamedTuple):
    start: int
    end: int
    value: str


def find_dates(text: str, *, region: str, now: datetime) -> Iterator[FoundDate]:
    """At most five, as ISO days. `now` is what 'tomorrow' is counted from; `region` says how 5/12 is read."""
    order = "MDY" if region.upper() in _MONTH_FIRST else "DMY"
    for match in list(_DATE.finditer(text))[:_MOST]:
        if day := _day(" ".join(match[0].lower().split()), order, now.date().isoformat()):
            yield FoundDate(match.start(), match.end(), day)


@lru_cache(maxsize=512)  # everybody writes 'tomorrow'
def _day(words: str, order: str, today: str) -> str | None:
    """None for what is no day, as the 31st of June."""
    since, words = words.startswith("since "), words.removeprefix("since ")
    parser = _parser(order, "past" if since else "future", today)
    try:
        found = parser.get_date_data(_SHORT_YEAR.sub(r"20\1", words))
    except (ValueError, OverflowError):
        return None
    return found.date_obj.date().isoformat() if found.date_obj else None


@lru_cache(maxsize=8)
def _parser(order: str, prefer: str, today: str) -> Any:
    """dateparser is slow to begin with: one parser serves a whole day, made when it is needed."""
    from dateparser.date import DateDataParser

    settings = {
        "RELATIVE_BASE": datetime.fromisoformat(today),
        "PREFER_DATES_FROM": prefer,
        "DATE_ORDER": order,
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    return DateDataParser(languages=["en"], settings=settings)
