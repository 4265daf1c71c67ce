"""What each refusal of HubSpot means for us. Source: shared contract sheet, limits and errors."""

import httpx
import msgspec
from msgspec import Struct

from socialai.crms.base import Exists
from socialai.errors import DeliveryError

GONE = "gone"
CONFLICT = "conflict"
_EXISTING = "Existing ID: "
_MIDNIGHT = 3600.0
"""A day's limit ends at the account's midnight, which nobody tells; asked once an hour it costs nothing."""
_TEN_SECONDS = 10.0
_RETRIED = frozenset({423, 429, 477, 500, 502, 503, 504, 521, 523, 524})


class Problem(Struct, rename="camel"):
    """`message` may quote what was sent, so nobody else sees it."""

    message: str = ""
    category: str = ""
    policy_name: str = ""


def find(response: httpx.Response) -> DeliveryError | None:
    if response.is_success:
        return None
    status, problem = response.status_code, read(response)
    if status == 401:
        message = "HubSpot no longer accepts the key; connect HubSpot again."
        return DeliveryError("reauthorise", message, code="dead_token")
    if status == 429:
        return DeliveryError(
            "retry", "A limit of HubSpot is reached.", code="limit", retry_after=_wait(problem)
        )
    if status in _RETRIED:
        message = "HubSpot has a problem of its own right now; the hub tries again."
        return DeliveryError("retry", message, code=f"http_{status}", retry_after=_told(response))
    return _refused(status, problem)


def read(response: httpx.Response) -> Problem:
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except (ValueError, RecursionError):
        return Problem()


def _refused(status: int, problem: Problem) -> DeliveryError:
    if status == 403:
        message = "HubSpot does not let this key do it; give it the scopes for contacts, then connect again."
        return DeliveryError("reauthorise", message, code="missing_scopes")
    if status == 404:
        return DeliveryError("permanent", "HubSpot has nothing under this id: it was deleted.", code=GONE)
    if status == 409:
        return _conflict(problem.message)
    if 300 <= status < 400:
        message = "HubSpot sent the hub elsewhere instead of answering; check the API address."
        return DeliveryError("permanent", message, code="redirect")
    message = "HubSpot does not accept this as it is; look at the fields that are told to it."
    return DeliveryError("permanent", message, code=problem.category.lower() or f"http_{status}")


def _conflict(message: str) -> DeliveryError:
    """The id is in the text only: “Contact already exists. Existing ID: 123”."""
    number = message.rpartition(_EXISTING)[2].strip().rstrip(".")
    if _EXISTING in message and number.isdecimal():
        return Exists("HubSpot", number)
    message = "HubSpot has a contact with this e-mail address, and does not say which."
    return DeliveryError("permanent", message, code=CONFLICT)


def _wait(problem: Problem) -> float:
    return _MIDNIGHT if problem.policy_name == "DAILY" else _TEN_SECONDS


def _told(response: httpx.Response) -> float | None:
    told = response.headers.get("retry-after", "")
    return float(told) if told.isdecimal() and int(told) < 86_400 else None
