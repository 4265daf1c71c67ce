"""What each refusal of Zoho means for us: it may come with any status, also with 200, for a whole call or for
each of its records. Source: shared contract sheet, limits and errors."""

import httpx
import msgspec
from msgspec import Struct

from socialai.crms.base import Exists
from socialai.errors import DeliveryError
from socialai.platforms.reading import Id

GONE = "gone"
_AN_HOUR, _TEN_MINUTES = 3600.0, 600.0
_LONGEST_WAIT = 86_400
_SUCCESS = frozenset({"", "SUCCESS"})
_DEAD = frozenset({"INVALID_TOKEN", "AUTHENTICATION_FAILURE"})
_NO_SCOPE = frozenset({"OAUTH_SCOPE_MISMATCH", "NO_PERMISSION"})
_DUPLICATE = frozenset({"DUPLICATE_DATA"})
_SAYS = {
    "MANDATORY_NOT_FOUND": "Zoho wants a value for the field {field}.",
    "INVALID_DATA": "Zoho does not take the value for the field {field}.",
    "DEPENDENT_FIELD_MISSING": "Zoho wants another field next to {field}.",
    "LIMIT_EXCEEDED": "A limit of your Zoho edition is reached.",
    "DUPLICATE_DATA": "Another record in Zoho has a value of {field} that may be there only once.",
}


class Duplicate(Struct):
    id: Id = ""


class Details(Struct):
    id: Id = ""
    api_name: str = ""
    retry_after: float = 0.0
    duplicate_record: Duplicate | None = None


class Problem(Struct):
    """`message` may quote what was sent, so nobody else sees it."""

    code: str = ""
    message: str = ""
    details: Details | None = None


class Problems(Struct):
    data: list[Problem] = []
    fields: list[Problem] = []


def find(response: httpx.Response) -> DeliveryError | None:
    if response.status_code == 204:
        return None
    status, problem = response.status_code, _read(response)
    if response.is_success and problem.code in _SUCCESS:
        return None
    if status == 401 or problem.code in _DEAD:
        message = "Zoho no longer lets the hub in; connect Zoho again."
        return DeliveryError("reauthorise", message, code="dead_token")
    if problem.code in _NO_SCOPE:
        message = (
            "Zoho does not let the hub do this; give it the scopes that are asked for, then connect again."
        )
        return DeliveryError("reauthorise", message, code="missing_scopes")
    if status == 429 or problem.code == "TOO_MANY_REQUESTS":
        wait = _wait(problem)
        return DeliveryError("retry", "A limit of Zoho is reached.", code="limit", retry_after=wait)
    if status >= 500 or problem.code == "INTERNAL_ERROR":
        message = "Zoho has a problem of its own right now; the hub tries again."
        return DeliveryError("retry", message, code=f"http_{status}")
    return _refused(status, problem)


def throttled() -> DeliveryError:
    """Too many tokens were asked for."""
    message = "Zoho gives no more tokens right now; the hub tries again in ten minutes."
    return DeliveryError("retry", message, code="token_limit", retry_after=_TEN_MINUTES)


def _read(response: httpx.Response) -> Problem:
    """Of the call, or of the first record that was refused."""
    try:
        parts = msgspec.json.decode(response.content, type=Problems)
        refused = [each for each in (*parts.data, *parts.fields) if each.code not in _SUCCESS]
        return refused[0] if refused else msgspec.json.decode(response.content, type=Problem)
    except (ValueError, RecursionError):
        return Problem()


def _refused(status: int, problem: Problem) -> DeliveryError:
    details = problem.details or Details()
    if problem.code in _DUPLICATE and details.duplicate_record and details.duplicate_record.id:
        return Exists("Zoho", str(details.duplicate_record.id))
    if status == 404 or (problem.code == "INVALID_DATA" and details.api_name == "id"):
        return DeliveryError("permanent", "Zoho has nothing under this id: it was deleted.", code=GONE)
    if 300 <= status < 400:
        message = "Zoho sent the hub elsewhere instead of answering; check the API address."
        return DeliveryError("permanent", message, code="redirect")
    says = _SAYS.get(
        problem.code, "Zoho does not accept this as it is; look at the fields that are told to it."
    )
    named = details.api_name or "that it does not name"
    return DeliveryError("permanent", says.format(field=named), code=problem.code.lower() or f"http_{status}")


def _wait(problem: Problem) -> float:
    told = problem.details.retry_after if problem.details else 0.0
    return told if 0 < told < _LONGEST_WAIT else _AN_HOUR
