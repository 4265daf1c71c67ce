"""Zoho CRM: a lead is a Lead there, its activity a completed Task. Source: shared contract sheet; Zoho's
CRM API.

Searching sees what was written only moments later, so records are asked for by COQL. Leads and tasks are
upserted by unique fields of ours, so that each call may be made twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from socialai.crms.base import CrmAdapter, Exists, Task, Values, Wanted, Written
from socialai.crms.shapes import Shape, as_text, fit
from socialai.crms.zoho import failures, fields, places
from socialai.crms.zoho.config import ZohoConfig
from socialai.domain.crm import SOURCE, Field
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding, Renewal
from socialai.platforms.calls import Calls
from socialai.platforms.reading import Id

_FIELDS: Mapping[Field, str] = {
    "external_id": fields.ID,
    "first_name": "First_Name",
    "last_name": "Last_Name",
    "company": "Company",
    "email": "Email",
    "phone": "Phone",
    "social_id": fields.SOCIAL_ID,
    "score": fields.SCORE,
    "rating": "Rating",
    "source": "Lead_Source",
    "summary": fields.REASONS,
}
_UNKNOWN = "[not provided]"


class Grant(Struct):
    """Errors come with a status of success here."""

    access_token: str = ""
    expires_in: int = 3600
    api_domain: str = ""
    error: str = ""


class Organization(Struct):
    id: Id
    company_name: str = "Zoho CRM"
    zgid: Id = ""


class Organizations(Struct):
    org: list[Organization]


class Named(Struct):
    id: Id


class Upserted(Struct):
    details: Named
    action: str = "insert"


class Upserts(Struct):
    data: list[Upserted]


class Rows(Struct):
    data: list[dict[str, Any]]


class Zoho(CrmAdapter):
    kind = "zoho"
    title = "Zoho CRM"
    Config = ZohoConfig
    fields = _FIELDS
    needs = (
        "A client in Zoho's API console (Self Client), and a refresh token made with it.",
        "A user who may read and write leads and tasks, and add fields to them.",
    )

    def __init__(self, config: ZohoConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        headers = {"authorization": f"Zoho-oauthtoken {config.access_token}"}
        base = f"{config.api_url.rstrip('/')}/crm/{config.api_version}"
        self._calls = Calls(self.title, base, headers, http, failures.find)
        self._shapes: dict[str, Shape] | None = None
        self._known: Organization | None = None

    def account(self) -> tuple[str, str]:
        known = self._organization()
        return str(known.id), known.company_name

    def prepare(self) -> Sequence[Finding]:
        return list(fields.make(self._calls, "settings/fields"))

    def find(self, wanted: Wanted) -> str | None:
        return (
            self._query(fields.ID, wanted.external_id)
            or (wanted.email and self._query("Email", wanted.email))
            or (wanted.phone and self._query("Phone", wanted.phone))
            or (wanted.social_id and self._query(fields.SOCIAL_ID, wanted.social_id))
            or None
        )

    def create(self, values: Values) -> Written:
        told = self._fit(_complete(values))
        try:
            made = self._upsert("Leads", told, [name for name in (fields.ID, "Email") if name in told])
        except Exists as exists:
            self.update(exists.record_id, values)
            return Written(exists.record_id, created=False)
        return Written(str(made.details.id), made.action == "insert")

    def update(self, record_id: str, values: Values) -> None:
        self._calls.repeat("PUT", f"Leads/{record_id}", json={"data": [self._fit(values)]})

    def read(self, record_id: str, fields: Sequence[str]) -> Values:
        found = self._rows(
            self._calls.repeat("GET", f"Leads/{record_id}", params={"fields": ",".join(fields)})
        )
        if not found:
            raise DeliveryError("permanent", "Zoho has no lead under this id: it was deleted.", code="gone")
        return {name: as_text(found[0][name]) for name in fields if found[0].get(name) is not None}

    def add_task(self, record_id: str, task: Task, key: str) -> str:
        told = {"Status": "Not Started", "Priority": "High", "Due_Date": task.due.isoformat()}
        return self._act(record_id, key, task.subject, task.text, told)

    def add_note(self, record_id: str, text: str, at: datetime, key: str) -> str:
        told = {"Status": "Completed", "Priority": "Normal", "Due_Date": at.date().isoformat()}
        return self._act(record_id, key, f"{SOURCE}: conversation", text, told)

    def delete(self, record_id: str) -> None:
        try:
            self._calls.repeat("DELETE", f"Leads/{record_id}")
        except DeliveryError as error:
            if error.code != failures.GONE:
                raise

    def url(self, record_id: str) -> str | None:
        pages = places.pages_url(self.config.api_url)
        return f"{pages}/crm/org{self._organization().zgid}/tab/Leads/{record_id}"

    def renew(self, now: datetime) -> Renewal | None:
        config: ZohoConfig = self.config
        form = {
            "grant_type": "refresh_token",
            "client_id": config.client_id,
            "client_secret": config.client_secret,
            "refresh_token": config.refresh_token,
        }
        calls = Calls(self.title, places.accounts_url(config.api_url), {}, self.http, _refused_token)
        grant = calls.understood(calls.repeat("POST", "oauth/v2/token", data=form), Grant, "retry")
        if grant.api_domain and not places.is_theirs(grant.api_domain):
            raise DeliveryError("permanent", "Zoho names an address that is not its own.", code="address")
        values = {"access_token": grant.access_token, "api_url": grant.api_domain}
        return Renewal(values, now + timedelta(seconds=grant.expires_in))

    def _organization(self) -> Organization:
        if self._known is None:
            found = self._calls.read("org", {}, Organizations).org
            if not found:
                raise DeliveryError("permanent", "Zoho does not say which organization this is.")
            self._known = found[0]
        return self._known

    def _act(self, record_id: str, key: str, subject: str, text: str, told: Mapping[str, str]) -> str:
        about = {"$se_module": "Leads", "What_Id": {"id": record_id}}
        body = {**told, **about, "Subject": subject, "Description": text[:32_000], fields.KEY: key}
        return str(self._upsert("Tasks", body, [fields.KEY]).details.id)

    def _upsert(self, module: str, told: Mapping[str, Any], unique: Sequence[str]) -> Upserted:
        body = {"data": [told], "duplicate_check_fields": unique}
        response = self._calls.repeat("POST", f"{module}/upsert", json=body)
        return self._calls.understood(response, Upserts, "retry").data[0]

    def _query(self, name: str, value: str) -> str | None:
        """The one that is meant; of several nobody knows which."""
        literal = value.replace("\\", "\\\\").replace("'", "\\'")
        asked = f"select id from Leads where {name} = '{literal}' limit 0, 2"
        found = self._rows(self._calls.repeat("POST", "coql", json={"select_query": asked}))
        return str(found[0]["id"]) if len(found) == 1 else None

    def _rows(self, response: httpx.Response) -> list[dict[str, Any]]:
        """Nothing found has no body."""
        if response.status_code == 204:
            return []
        return self._calls.understood(response, Rows, "retry").data

    def _fit(self, values: Values) -> dict[str, str | float]:
        if self._shapes is None:
            self._shapes = fields.shapes(fields.describe(self._calls, "settings/fields", "Leads"))
        return fit(values, self._shapes)


def _complete(values: Values) -> dict[str, str]:
    """A Lead must have a last name, and in most layouts a company."""
    told = dict(values)
    if not told.get("Last_Name"):
        told["Last_Name"] = told.pop("First_Name", "") or told.get(fields.SOCIAL_ID) or _UNKNOWN
    told.setdefault("Company", _UNKNOWN)
    return told


def _refused_token(response: httpx.Response) -> DeliveryError | None:
    if response.status_code >= 500:
        return failures.find(response)
    try:
        grant = msgspec.json.decode(response.content, type=Grant)
    except (ValueError, RecursionError):
        return failures.find(response)
    if grant.error == "Access Denied":
        return failures.throttled()
    if grant.error or not grant.access_token:
        message = "Zoho no longer accepts the refresh token; connect Zoho again."
        return DeliveryError("reauthorise", message, code=grant.error or "dead_refresh_token")
    return None
