"""Salesforce: a lead is a Lead there, its activity a completed Task. Source: shared contract sheet; REST API
Developer Guide.

Leads and tasks are upserted by external ids of ours, so that each call may be made twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct, field

from socialai.crms.base import CrmAdapter, Exists, Task, Values, Wanted, Written
from socialai.crms.salesforce import failures, fields, signing_in
from socialai.crms.salesforce.config import SalesforceConfig
from socialai.crms.shapes import Shape, as_text, fit
from socialai.domain.crm import SOURCE, Field
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding, Renewal
from socialai.platforms.calls import Calls

_FIELDS: Mapping[Field, str] = {
    "external_id": fields.ID,
    "first_name": "FirstName",
    "last_name": "LastName",
    "company": "Company",
    "email": "Email",
    "phone": "Phone",
    "social_id": fields.SOCIAL_ID,
    "score": fields.SCORE,
    "rating": "Rating",
    "source": "LeadSource",
    "summary": fields.REASONS,
}
_UNKNOWN = "[not provided]"
"""What their own web form writes for a company that nobody named."""


class Made(Struct):
    id: str
    created: bool = True


class Found(Struct):
    id: str = field(name="Id")


class Rows(Struct):
    records: list[Found]


class Organization(Struct, rename="pascal"):
    id: str
    name: str


class Organizations(Struct):
    records: list[Organization]


class Salesforce(CrmAdapter):
    kind = "salesforce"
    title = "Salesforce"
    Config = SalesforceConfig
    fields = _FIELDS
    needs = (
        "An External Client App (new Connected Apps are switched off since Spring '26) with the scopes api "
        "and refresh_token.",
        "A user who may read and write leads and tasks.",
        "Fields of ours on Lead and Activity; the check says which, and where to make them.",
    )

    def __init__(self, config: SalesforceConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        headers = {"authorization": f"Bearer {config.access_token}"}
        self._calls = Calls(self.title, config.instance_url, headers, http, failures.find)
        self._data = f"services/data/v{config.api_version}"
        self._shapes: dict[str, Shape] | None = None

    @property
    def renews(self) -> bool:
        return True

    @property
    def used(self) -> float:
        """From `Sforce-Limit-Info: api-usage=18/5000`."""
        told = self._calls.last.get("sforce-limit-info", "").partition("api-usage=")[2].split(";")[0]
        gone, _, budget = told.partition("/")
        return int(gone) / int(budget) if gone.isdecimal() and budget.isdecimal() and int(budget) else 0.0

    def account(self) -> tuple[str, str]:
        query = {"q": "SELECT Id, Name FROM Organization"}
        found = self._calls.read(f"{self._data}/query", query, Organizations).records
        if not found:
            raise DeliveryError("permanent", "Salesforce does not say which organization this is.")
        return found[0].id, found[0].name

    def prepare(self) -> Sequence[Finding]:
        return list(fields.look(self._calls, self._data))

    def find(self, wanted: Wanted) -> str | None:
        return (
            self._by_id(wanted.external_id)
            or (wanted.email and self._query("Email", wanted.email))
            or (wanted.phone and self._query("Phone", wanted.phone))
            or (wanted.social_id and self._query(fields.SOCIAL_ID, wanted.social_id))
            or None
        )

    def create(self, values: Values) -> Written:
        told = _complete(values)
        key = told.pop(fields.ID, None)
        path = f"Lead/{fields.ID}/{quote(key, safe='')}" if key else "Lead"
        try:
            made = self._upsert(path, self._fit(told), "PATCH" if key else "POST")
        except Exists as exists:
            self.update(exists.record_id, values)
            return Written(exists.record_id, created=False)
        return Written(made.id, made.created)

    def update(self, record_id: str, values: Values) -> None:
        self._calls.repeat("PATCH", f"{self._data}/sobjects/Lead/{record_id}", json=self._fit(values))

    def read(self, record_id: str, fields: Sequence[str]) -> Values:
        query = {"fields": ",".join(fields)}
        found = self._calls.read(f"{self._data}/sobjects/Lead/{record_id}", query, dict[str, Any])
        return {name: as_text(found[name]) for name in fields if found.get(name) is not None}

    def add_task(self, record_id: str, task: Task, key: str) -> str:
        told = {"Status": "Not Started", "Priority": "High", "ActivityDate": task.due.isoformat()}
        return self._act(record_id, key, task.subject, task.text, told)

    def add_note(self, record_id: str, text: str, at: datetime, key: str) -> str:
        told = {"Status": "Completed", "Priority": "Normal", "ActivityDate": at.date().isoformat()}
        return self._act(record_id, key, f"{SOURCE}: conversation", text, told)

    def delete(self, record_id: str) -> None:
        try:
            self._calls.repeat("DELETE", f"{self._data}/sobjects/Lead/{record_id}")
        except DeliveryError as error:
            if error.code != failures.GONE:
                raise

    def url(self, record_id: str) -> str | None:
        return f"{self.config.instance_url.rstrip('/')}/lightning/r/Lead/{record_id}/view"

    def renew(self, now: datetime) -> Renewal | None:
        return signing_in.renew(self.config, self.http, now)

    def _act(self, record_id: str, key: str, subject: str, text: str, told: Mapping[str, str]) -> str:
        body = {**told, "Subject": subject, "Description": text[:32_000], "WhoId": record_id}
        return self._upsert(f"Task/{fields.KEY}/{quote(key, safe='')}", body, "PATCH").id

    def _upsert(self, path: str, body: Mapping[str, Any], method: str) -> Made:
        """204 without a body is an older API's way to say that it was there."""
        where = f"{self._data}/sobjects/{path}"
        response = self._calls.repeat(method, where, json=dict(body))
        if response.status_code == 204:
            return Made(self._calls.read(where, {"fields": "Id"}, Found).id, created=False)
        return self._calls.understood(response, Made, "retry")

    def _by_id(self, key: str) -> str | None:
        """Read at once. No such field: it is found another way, and the check says what to do."""
        path = f"{self._data}/sobjects/Lead/{fields.ID}/{quote(key, safe='')}"
        try:
            return self._calls.read(path, {"fields": "Id"}, Found).id
        except DeliveryError as error:
            if error.code == failures.GONE:
                return None
            raise

    def _query(self, name: str, value: str) -> str | None:
        """The one that is meant; of several nobody knows which."""
        literal = value.replace("\\", "\\\\").replace("'", "\\'")
        asked = f"SELECT Id FROM Lead WHERE {name} = '{literal}' AND IsConverted = false LIMIT 2"
        found = self._calls.read(f"{self._data}/query", {"q": asked}, Rows).records
        return found[0].id if len(found) == 1 else None

    def _fit(self, values: Values) -> dict[str, str | float]:
        if self._shapes is None:
            self._shapes = fields.shapes(fields.describe(self._calls, self._data, "Lead"))
        return fit(values, self._shapes)


def _complete(values: Values) -> dict[str, str]:
    """A Lead must have a last name and a company."""
    told = dict(values)
    if not told.get("LastName"):
        told["LastName"] = told.pop("FirstName", "") or told.get(fields.SOCIAL_ID) or _UNKNOWN
    told.setdefault("Company", _UNKNOWN)
    return told
