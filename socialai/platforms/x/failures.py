"""What each refusal of X means for us. Codes and sources: shared contract sheet; docs.x.com, response codes.

X names a problem by the end of its `type`, by a code of the older API, or only by the status.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError, Outcome

_LONGEST_WAIT = 86_400.0
"""Limits are counted over a day at most; more is a mistake and would park the message."""
_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")

FORBIDDEN = "forbidden"
"""The code of what X forbids without saying why in a code."""


class Meaning(Struct, frozen=True):
    """`says` is for the owner of a shop: what happened, and what to do."""

    outcome: Outcome
    says: str
    code: str | None = None


_BUSY = Meaning("retry", "X has a problem of its own right now; the hub tries again.")
_LIMIT = Meaning("retry", "The account reached a limit of X; the hub tries again when it is lifted.")
_UNCLEAR = Meaning("unknown", "X did not say whether it went out; the hub looks before it tries again.")
_TOKEN = Meaning("reauthorise", "X no longer accepts the account's access token; connect the account again.")
_LOCKED = Meaning(
    "reauthorise", "X locked or suspended the account; sign in at x.com, then connect it again."
)
_WRONG_KIND = Meaning(
    "reauthorise", "This token is the app's or lacks a permission; connect the account and grant all of them."
)
_CAPPED = Meaning(
    "permanent",
    "The credits or the spending limit of your X developer account are used up. "
    "Top them up at console.x.com, then retry.",
)
_APP = Meaning(
    "permanent",
    "X does not let your app do this. Look at console.x.com whether it is in a project with access.",
)
_BAD = Meaning("permanent", "X does not accept this as it is.")
_GONE = Meaning("permanent", "X has nothing under this id: it was deleted, or the account may not see it.")
_HIDDEN = Meaning(
    "permanent", "X does not show this to the account: it is protected, or its author blocks you."
)
_NO_DM = Meaning("permanent", "This person takes no private messages from the account.")
_TOO_LONG = Meaning("permanent", "The post is longer than X takes.")
_TWICE = Meaning("permanent", "X does not take the same words twice; change the text.")
_FORBIDDEN = Meaning("permanent", "X does not allow this.", code=FORBIDDEN)

_TYPES: Mapping[str, Meaning] = {
    "usage-capped": _CAPPED,
    "credits": _CAPPED,
    "rate-limit-exceeded": _LIMIT,
    "invalid-request": _BAD,
    "resource-not-found": _GONE,
    "resource-unavailable": _GONE,
    "not-authorized-for-resource": _HIDDEN,
    "not-authorized-for-field": _HIDDEN,
    "disallowed-resource": _BAD,
    "client-forbidden": _APP,
    "unsupported-authentication": _WRONG_KIND,
    "oauth1-permissions": _WRONG_KIND,
}
_CODES: Mapping[int, Meaning] = {
    32: _TOKEN,
    64: _LOCKED,
    88: _LIMIT,
    89: _TOKEN,
    93: _WRONG_KIND,
    130: _BUSY,
    131: _BUSY,
    135: _TOKEN,
    150: _NO_DM,
    185: _LIMIT,
    186: _TOO_LONG,
    187: _TWICE,
    326: _LOCKED,
    349: _NO_DM,
    385: _GONE,
    453: _APP,
}
_STATUSES: Mapping[int, Meaning] = {
    401: _TOKEN,
    402: _CAPPED,
    403: _FORBIDDEN,
    404: _GONE,
    408: _BUSY,
    420: _LIMIT,
    429: _LIMIT,
    # A gateway that got no answer itself cannot tell whether it was taken.
    502: _UNCLEAR,
    504: _UNCLEAR,
}


class Problem(Struct):
    type: str | None = None
    code: int | None = None


class Answer(Struct):
    """`data` beside `errors`: only a part of what was asked for failed, and the rest is of use."""

    type: str | None = None
    data: msgspec.Raw | None = None
    errors: list[Problem] | None = None

    def problem(self) -> Problem:
        return (self.errors or [Problem(type=self.type)])[0]


def find(response: httpx.Response) -> DeliveryError | None:
    """The error in an answer, or None when it is one of success."""
    answer = _answer(response)
    if response.is_success and not (answer.errors and answer.data is None):
        return None
    problem, status = answer.problem(), response.status_code
    meaning = _meaning(status, problem)
    wait = _wait(response.headers) if meaning.outcome == "retry" else None
    code = meaning.code or _code(status, problem)
    return DeliveryError(meaning.outcome, meaning.says, code=code, retry_after=wait)


def share(headers: httpx.Headers) -> float:
    """How much of the fullest budget is gone, 0 to 1."""
    shares = [0.0]
    for window in _WINDOWS:
        limit = _number(headers.get(f"{window}-limit", ""))
        left = _number(headers.get(f"{window}-remaining", ""))
        if limit and left is not None:
            shares.append(1 - left / limit)
    return min(max(shares), 1.0)


def _answer(response: httpx.Response) -> Answer:
    try:
        return msgspec.json.decode(response.content, type=Answer, strict=False)
    except (ValueError, RecursionError):
        return Answer()


def _meaning(status: int, problem: Problem) -> Meaning:
    if known := _TYPES.get(_end(problem)):
        return known
    if known := _CODES.get(problem.code or 0):
        return known
    return _STATUSES.get(status, _BAD if 400 <= status < 500 else _BUSY)


def _end(problem: Problem) -> str:
    """The types' addresses have been at two names of X's."""
    return (problem.type or "").rpartition("/")[2]


def _code(status: int, problem: Problem) -> str:
    return _end(problem)[:40] or (str(problem.code) if problem.code else f"http_{status}")


def _wait(headers: httpx.Headers) -> float | None:
    """Seconds until X takes requests again, when it says so; by its own clock, which may not be ours."""
    now = _date(headers.get("date", ""))
    resets = [_number(headers.get(f"{name}-reset", "")) for name in _WINDOWS if _is_used_up(headers, name)]
    latest = max(filter(None, resets), default=None)
    wait = latest - now.timestamp() if latest and now else _number(headers.get("retry-after", ""))
    return min(max(wait, 1.0), _LONGEST_WAIT) if wait is not None else None


def _is_used_up(headers: httpx.Headers, name: str) -> bool:
    return str(headers.get(f"{name}-remaining", "0")) == "0"


def _date(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written)
    except ValueError:
        return None


def _number(written: str) -> float | None:
    return float(written) if written.isascii() and written.isdecimal() else None
