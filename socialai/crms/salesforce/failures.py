"""What each refusal of Salesforce means for us. Source: shared contract sheet, limits and errors."""

import re

import httpx
import msgspec
from msgspec import Struct, field

from socialai.crms.base import Exists
from socialai.errors import DeliveryError

GONE = "gone"
_LEAD = re.compile(r"\b00Q[0-9A-Za-z]{12,15}\b")
_AN_HOUR = 3600.0
"""Their day's limit is a rolling one, so something is free again at any time."""
_RETRIED = frozenset(
    {
        "SERVER_UNAVAILABLE",
        "UNKNOWN_EXCEPTION",
        "UNABLE_TO_LOCK_ROW",
        "REQUEST_RUNNING_TOO_LONG",
        "QUERY_TIMEOUT",
    }
)
_NO_API = frozenset({"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"})
_SAYS = {
    "REQUIRED_FIELD_MISSING": "Salesforce wants a value for every one of: {fields}.",
    "INVALID_FIELD": "A field that is told to Salesforce is not there; run the check of this CRM.",
    "INVALID_EMAIL_ADDRESS": "Salesforce does not take the e-mail address.",
    "STRING_TOO_LONG": "A text is too long for Salesforce: {fields}.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "Salesforce does not know this choice for: {fields}.",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule in your Salesforce refuses it.",
    "DUPLICATES_DETECTED": "A duplicate rule in your Salesforce refuses it, and does not say for which lead.",
    "DUPLICATE_VALUE": "Another record in Salesforce has a value that may be there only once.",
}


class Record(Struct):
    id: str = field(name="Id", default="")


class MatchRecord(Struct):
    record: Record


class MatchResult(Struct, rename="camel"):
    match_records: list[MatchRecord] = []


class Duplicates(Struct, rename="camel"):
    match_results: list[MatchResult] = []


class Problem(Struct, rename="camel"):
    """`message` may quote what was sent, so nobody else sees it. They spell `duplicateResut` so."""

    error_code: str = ""
    message: str = ""
    fields: list[str] = []
    duplicate_resut: Duplicates | None = None
    duplicate_result: Duplicates | None = None


def find(response: httpx.Response) -> DeliveryError | None:
    if response.is_success:
        return None
    status, problem = response.status_code, read(response)
    code = problem.error_code
    if status == 401 or code in _NO_API:
        message = "Salesforce no longer lets the hub in; connect Salesforce again."
        return DeliveryError("reauthorise", message, code="dead_token")
    if code == "REQUEST_LIMIT_EXCEEDED":
        message = "The day's limit of calls to Salesforce is reached."
        return DeliveryError("retry", message, code="limit", retry_after=_AN_HOUR)
    if status >= 500 or status == 429 or code in _RETRIED:
        message = "Salesforce has a problem of its own right now; the hub tries again."
        return DeliveryError("retry", message, code=code.lower() or f"http_{status}")
    return _refused(status, problem)


def read(response: httpx.Response) -> Problem:
    try:
        return msgspec.json.decode(response.content, type=list[Problem])[0]
    except (ValueError, RecursionError, IndexError):
        return Problem()


def _refused(status: int, problem: Problem) -> DeliveryError:
    code = problem.error_code
    if code in ("DUPLICATES_DETECTED", "DUPLICATE_VALUE") and (record_id := _existing(problem)):
        return Exists("Salesforce", record_id)
    if code == "NOT_FOUND" and "external ID field" in problem.message:
        message = "A field of ours is missing in Salesforce; run the check of this CRM, it says what to do."
        return DeliveryError("permanent", message, code="missing_field")
    if status == 404 or code == "ENTITY_IS_DELETED":
        return DeliveryError("permanent", "Salesforce has no lead under this id: it was deleted.", code=GONE)
    if code == "CANNOT_UPDATE_CONVERTED_LEAD":
        message = "The lead was converted in Salesforce; what is told of it no longer fits there."
        return DeliveryError("permanent", message, code="converted")
    if status == 300:
        message = "Salesforce has several leads with our id; join them there."
        return DeliveryError("permanent", message, code="several")
    if 301 <= status < 400:
        message = "Salesforce sent the hub elsewhere instead of answering; check its address."
        return DeliveryError("permanent", message, code="redirect")
    says = _SAYS.get(
        code, "Salesforce does not accept this as it is; look at the fields that are told to it."
    )
    named = ", ".join(problem.fields) or "a field it does not name"
    return DeliveryError("permanent", says.format(fields=named), code=code.lower() or f"http_{status}")


def _existing(problem: Problem) -> str | None:
    found = problem.duplicate_resut or problem.duplicate_result or Duplicates()
    ids = [match.record.id for result in found.match_results for match in result.match_records]
    leads = [record_id for record_id in ids if _LEAD.fullmatch(record_id)] or _LEAD.findall(problem.message)
    return leads[0] if leads else None
