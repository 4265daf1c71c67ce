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
_DONE = (
    r"(?:ordered|bought|purchased|paid|got|received|came|arrived|collected|picked|returned|visited|went|ate|had|was|were"
    r"|did|didn'?t|spoke|called|rang|phoned|e?mailed|wrote|messaged|texted|dropped|left|sent|posted|shipped|delivered"
    r"|broke|stopped|started|noticed|found|saw|happened|finished|fitted|installed|repaired|fixed|took|gave|made"
    r"|cancelled|canceled|charged|asked|complained|tried|waited|signed|placed|wore|used|lost|missed|stayed|dined|met)"
)
_STILL_AHEAD = (
    r"(?:to|for|by|until|till|before|will|would|can|could|should|be|told|said|hoping|planning|next)"
)
_PAST_BEFORE = re.compile(rf"\b{_DONE}\b(?:(?!\b{_STILL_AHEAD}\b)[^.!?;\n]){{0,60}}$", re.IGNORECASE)
_PAST_AFTER = re.compile(
    rf"\s*,?\s*(?:i|we|you|he|she|they|it|my|the|our|your)\b(?:\s[\w'’]+){{0,2}}?\s{_DONE}\b", re.IGNORECASE
)
_REACH = 120
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
        words, prefer = " ".join(match[0].lower().split()), "past" if _is_past(text, match) else "future"
        if day := _day(words.removeprefix("since "), order, prefer, now.date().isoformat()):
            yield FoundDate(match.start(), match.end(), day)


def _is_past(text: str, date: re.Match[str]) -> bool:
    """'I ordered on Monday', 'on Monday we got' tell of the last one; 'can I come on Monday' of the next."""
    if date[0].lower().startswith("since"):
        return True
    before = text[max(0, date.start() - _REACH) : date.start()]
    return bool(_PAST_BEFORE.search(before) or _PAST_AFTER.match(text, date.end()))


@lru_cache(maxsize=512)  # everybody writes 'tomorrow'
def _day(words: str, order: str, prefer: str, today: str) -> str | None:
    """None for what is no day, as the 31st of June."""
    parser = _parser(order, prefer, today)
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
