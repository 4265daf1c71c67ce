"""What Meta says in its headers of how much may still be asked, and when again."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST_WAIT = 86_400.0
"""Limits are counted over a day at most; more is a mistake and would park the message."""
_SHARES = ("call_count", "total_cputime", "total_time")
_BUSINESS, _APP = "x-business-use-case-usage", "x-app-usage"


def wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until requests are taken again, when it says so; the longest of any use case."""
    told = (_number(str(case.get("estimated_time_to_regain_access"))) for case in _cases(headers))
    minutes = max(filter(None, told), default=None)
    seconds = minutes * 60 if minutes else _number(headers.get("retry-after", ""))
    return seconds and min(seconds, _LONGEST_WAIT)


def share(headers: Mapping[str, str]) -> float:
    """The fullest of the budgets, 0 to 1."""
    told = [_number(str(case.get(name))) for case in _cases(headers) for name in _SHARES]
    return min(1.0, max(filter(None, told), default=0.0) / 100)


def _cases(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for listed in _decoded(headers.get(_BUSINESS, "")).values():
        yield from (case for case in (listed if isinstance(listed, list) else ()) if isinstance(case, dict))
    yield _decoded(headers.get(_APP, ""))


def _decoded(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(written: str) -> float | None:
    """A number above zero; Meta sends no dates here."""
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None
