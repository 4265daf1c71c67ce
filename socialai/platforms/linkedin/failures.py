"""What each refusal of LinkedIn means for us. Statuses and sources: shared contract sheet.

LinkedIn's statuses say what to do; its codes repeat them. A limit of the day ends at midnight UTC, which only
the words of the answer tell from one of a minute.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError, Outcome

_MINUTE = 60.0
_OF_THE_DAY = "day limit"


class Meaning(Struct, frozen=True):
    """`says` is for the owner of a shop: what happened, and what to do."""

    outcome: Outcome
    says: str


_BUSY = Meaning("retry", "LinkedIn has a problem of its own right now; the hub tries again.")
_LIMIT = Meaning("retry", "The Page reached a limit of LinkedIn; the hub tries again when it is lifted.")
_UNCLEAR = Meaning(
    "unknown", "LinkedIn did not say whether it went out; the hub looks before it tries again."
)
_BAD = Meaning("permanent", "LinkedIn does not accept this as it is.")

STATUSES: Mapping[int, Meaning] = {
    400: _BAD,
    401: Meaning(
        "reauthorise", "LinkedIn no longer accepts the Page's access token; connect the Page again."
    ),
    403: Meaning(
        "permanent",
        "Who connected the Page is no administrator of it any more, or the app lacks a permission. "
        "Put that right in LinkedIn; a new token alone does not help.",
    ),
    404: Meaning("permanent", "LinkedIn has nothing here: the post or the comment was deleted."),
    408: _BUSY,
    409: Meaning("retry", "LinkedIn was changing the same thing; the hub tries again."),
    422: _BAD,
    426: Meaning(
        "permanent", "LinkedIn retired the API version of this channel; enter a newer one in its settings."
    ),
    429: _LIMIT,
    # A gateway that got no answer itself cannot tell whether it was taken.
    502: _UNCLEAR,
    504: _UNCLEAR,
}


class Refusal(Struct):
    code: str | None = None
    serviceErrorCode: int | None = None  # noqa: N815 - LinkedIn's name
    message: str | None = None


def find(response: httpx.Response) -> DeliveryError | None:
    """The error in an answer, or None when it is one of success."""
    if response.is_success:
        return None
    refusal, status = _refusal(response), response.status_code
    meaning = STATUSES.get(status, _BAD if 400 <= status < 500 else _BUSY)
    if "VERSION" in (refusal.code or ""):
        meaning = STATUSES[426]
    wait = _wait(response, refusal) if status == 429 else None
    code = refusal.code or (str(refusal.serviceErrorCode) if refusal.serviceErrorCode else f"http_{status}")
    return DeliveryError(meaning.outcome, meaning.says, code=code[:40], retry_after=wait)


def _refusal(response: httpx.Response) -> Refusal:
    try:
        return msgspec.json.decode(response.content, type=Refusal, strict=False)
    except (ValueError, RecursionError):
        return Refusal()


def _wait(response: httpx.Response, refusal: Refusal) -> float:
    """LinkedIn sends no Retry-After."""
    if _OF_THE_DAY not in (refusal.message or "").lower():
        return _MINUTE
    try:
        now = parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return _MINUTE
    return (_midnight(now) - now).total_seconds()


def _midnight(now: datetime) -> datetime:
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
