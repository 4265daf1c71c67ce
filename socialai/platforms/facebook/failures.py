"""What each refusal of the Graph API means for us. Codes and sources: shared contract sheet."""

import json
import math
from collections.abc import Mapping

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError, Outcome

_LONGEST_WAIT = 86_400.0
"""Limits are counted over a day at most; more is a mistake and would park the message."""


class Meaning(Struct, frozen=True):
    """`says` is for the owner of a shop: what happened, and what to do."""

    outcome: Outcome
    says: str


_BUSY = Meaning("retry", "Facebook has a problem of its own right now; the hub tries again.")
_LIMIT = Meaning("retry", "The Page reached a limit of Facebook; the hub tries again when it is lifted.")
_UNCLEAR = Meaning(
    "unknown", "Facebook did not say whether the message went out; the hub looks before it tries again."
)
_TOKEN = Meaning("reauthorise", "Facebook no longer accepts the Page's access token; connect the Page again.")
_PASSWORD = Meaning(
    "reauthorise", "The password of the person who connected the Page changed; connect it again."
)
_ROLE = Meaning(
    "reauthorise", "Who connected the Page has no role there any more; connect it as an administrator."
)
_CONFIRM = Meaning(
    "reauthorise", "Facebook wants the person who connected the Page to sign in there; then connect it."
)
_PERMISSION = Meaning(
    "reauthorise", "The app lacks a permission for this Page; connect it again and grant all of them."
)
_BAD = Meaning("permanent", "Facebook does not accept this as it is.")
_UNSEEN = Meaning("permanent", "Facebook shows nothing under this id to this token; check the Page ID.")
_NOBODY = Meaning("permanent", "Facebook knows no such person for this Page.")
_WINDOW = Meaning(
    "permanent", "Too long since the contact last wrote; Facebook lets the Page answer only after they do."
)
_AWAY = Meaning("permanent", "The contact cannot be reached: they blocked the Page or left Messenger.")
_POLICY = Meaning(
    "permanent", "Facebook stopped the Page for breaking a rule; look at Page Quality in Facebook."
)
_PERSON = Meaning(
    "permanent", "The token is a person's, not the Page's; connect the Page with its own token."
)

MEANINGS: Mapping[tuple[int, int | None], Meaning] = {
    **{(code, None): _PERMISSION for code in range(200, 300)},
    (1, None): _BUSY,
    (1, 1357046): _UNCLEAR,
    (2, None): _BUSY,
    (4, None): _LIMIT,
    (10, None): _PERMISSION,
    (10, 2018065): _WINDOW,
    (10, 2018108): _AWAY,
    (10, 2018278): _WINDOW,
    (17, None): _LIMIT,
    (32, None): _LIMIT,
    (100, None): _BAD,
    (100, 33): _UNSEEN,
    (100, 2018001): _NOBODY,
    (102, None): _TOKEN,
    (190, None): _TOKEN,
    (190, 458): _PERMISSION,
    (190, 459): _CONFIRM,
    (190, 460): _PASSWORD,
    (190, 463): _TOKEN,
    (190, 464): _CONFIRM,
    (190, 467): _TOKEN,
    (190, 492): _ROLE,
    (200, 1545041): _AWAY,
    (341, None): _LIMIT,
    (368, None): _POLICY,
    (551, None): _AWAY,
    (613, None): _LIMIT,
    (1705, None): _PERSON,
    (80001, None): _LIMIT,
    (80006, None): _LIMIT,
}
"""By code and subcode; None is every other subcode."""

STATUSES: Mapping[int, Meaning] = {
    401: _TOKEN,
    408: _BUSY,
    429: _LIMIT,
    # A gateway that got no answer itself cannot tell whether Facebook took the message.
    502: _UNCLEAR,
    504: _UNCLEAR,
}
"""For answers without a code of Facebook's own."""


class GraphError(Struct):
    code: int | None = None
    error_subcode: int | None = None
    is_transient: bool | None = None


class Refusal(Struct):
    error: GraphError | None = None


def refused(response: httpx.Response) -> DeliveryError | None:
    """The error in an answer, or None when it is one of success."""
    error = _error(response)
    if response.is_success and error is None:
        return None
    meaning = _meaning(response.status_code, error or GraphError())
    wait = _wait(response.headers) if meaning.outcome == "retry" else None
    code = _code(response.status_code, error)
    return DeliveryError(meaning.outcome, meaning.says, code=code, retry_after=wait)


def _error(response: httpx.Response) -> GraphError | None:
    try:
        return msgspec.json.decode(response.content, type=Refusal, strict=False).error
    except (ValueError, RecursionError):
        return None


def _meaning(status: int, error: GraphError) -> Meaning:
    code, subcode = error.code, error.error_subcode
    if code is not None and subcode is not None and (exact := MEANINGS.get((code, subcode))):
        return exact
    if error.is_transient:
        return _BUSY
    if code is not None and (general := MEANINGS.get((code, None))):
        return general
    return STATUSES.get(status) or (_BAD if 400 <= status < 500 else _BUSY)


def _code(status: int, error: GraphError | None) -> str:
    if error is None or error.code is None:
        return f"http_{status}"
    return str(error.code) if error.error_subcode is None else f"{error.code}/{error.error_subcode}"


def _wait(headers: httpx.Headers) -> float | None:
    """Seconds until Facebook takes requests again, when it says so."""
    minutes = _minutes(headers.get("x-business-use-case-usage", ""))
    wait = minutes * 60 if minutes else _number(headers.get("retry-after", ""))
    return wait and min(wait, _LONGEST_WAIT)


def _minutes(usage: str) -> float | None:
    """The longest wait of any use case in `X-Business-Use-Case-Usage`."""
    try:
        cases = [case for listed in json.loads(usage).values() for case in listed]
        return _number(str(max(case.get("estimated_time_to_regain_access", 0) for case in cases)))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None


def _number(written: str) -> float | None:
    """A number above zero; Facebook sends no dates here."""
    try:
        wait = float(written)
    except ValueError:
        return None
    return wait if math.isfinite(wait) and wait > 0 else None
