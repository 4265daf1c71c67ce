"""HubSpot: a lead is a contact there. Source: shared contract sheet; developers.hubspot.com, CRM API.

Searching sees what was written only moments later, so it is asked last: by our own id and by e-mail a contact
is read at once.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.crms.base import CrmAdapter, Exists, Task, Values, Wanted, Written
from socialai.crms.hubspot import failures, properties
from socialai.crms.hubspot.config import HubSpotConfig
from socialai.domain.crm import Field
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding, Renewal
from socialai.platforms.calls import Calls
from socialai.platforms.reading import Id

_FIELDS: Mapping[Field, str] = {
    "external_id": properties.ID,
    "first_name": "firstname",
    "last_name": "lastname",
    "company": "company",
    "email": "email",
    "phone": "phone",
    "social_id": properties.SOCIAL_ID,
    "score": properties.SCORE,
    "rating": properties.RATING,
    "source": properties.SOURCE,
    "summary": properties.SUMMARY,
}


class Object(Struct):
    id: Id
    properties: dict[str, str | None] = {}


class Objects(Struct):
    results: list[Object]


class Account(Struct, rename="camel"):
    portal_id: Id
    ui_domain: str = "app.hubspot.com"


class Grant(Struct):
    access_token: str
    expires_in: int = 1800
    refresh_token: str = ""


class HubSpot(CrmAdapter):
    kind = "hubspot"
    title = "HubSpot"
    Config = HubSpotConfig
    fields = _FIELDS
    needs = ("A service key, or an OAuth app, that may read and write contacts and their properties.",)

    def __init__(self, config: HubSpotConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        headers = {"authorization": f"Bearer {config.access_token}"}
        self._calls = Calls(self.title, config.api_url, headers, http, failures.find)
        self._known: Account | None = None

    def account(self) -> tuple[str, str]:
        known = self._account()
        return str(known.portal_id), f"HubSpot {known.portal_id}"

    def prepare(self) -> Sequence[Finding]:
        return properties.make(self._calls, self._path)

    def find(self, wanted: Wanted) -> str | None:
        return (
            self._by(properties.ID, wanted.external_id)
            or (wanted.email and self._by("email", wanted.email))
            or (wanted.phone and self._search("phone", wanted.phone))
            or (wanted.social_id and self._search(properties.SOCIAL_ID, wanted.social_id))
            or None
        )

    def create(self, values: Values) -> Written:
        try:
            response = self._ask("POST", self._path("contacts"), {"properties": dict(values)})
        except Exists as exists:
            self.update(exists.record_id, values)
            return Written(exists.record_id, created=False)
        return Written(str(self._calls.understood(response, Object, "retry").id), created=True)

    def update(self, record_id: str, values: Values) -> None:
        self._ask("PATCH", f"{self._path('contacts')}/{record_id}", {"properties": dict(values)})

    def read(self, record_id: str, fields: Sequence[str]) -> Values:
        query = {"properties": ",".join(fields)}
        found = self._calls.read(f"{self._path('contacts')}/{record_id}", query, Object)
        return {name: value for name, value in found.properties.items() if name in fields and value}

    def add_task(self, record_id: str, task: Task, key: str) -> str:
        return self._engage(
            "tasks",
            record_id,
            key,
            {
                "hs_timestamp": datetime.combine(task.due, datetime.min.time(), UTC).isoformat(),
                "hs_task_subject": task.subject,
                "hs_task_body": task.text,
                "hs_task_status": "NOT_STARTED",
                "hs_task_priority": "HIGH",
                "hs_task_type": "TODO",
            },
        )

    def add_note(self, record_id: str, text: str, at: datetime, key: str) -> str:
        said = {"hs_timestamp": at.isoformat(), "hs_note_body": _as_html(text)}
        return self._engage("notes", record_id, key, said)

    def delete(self, record_id: str) -> None:
        self._ask("POST", f"{self._path('contacts')}/gdpr-delete", {"objectId": record_id})

    def url(self, record_id: str) -> str | None:
        known = self._account()
        return f"https://{known.ui_domain}/contacts/{known.portal_id}/record/0-1/{record_id}"

    def renew(self, now: datetime) -> Renewal | None:
        config: HubSpotConfig = self.config
        if not config.refresh_token:
            return None
        form = {
            "grant_type": "refresh_token",
            "client_id": config.client_id,
            "client_secret": config.client_secret,
            "refresh_token": config.refresh_token,
        }
        calls = Calls(self.title, config.api_url, {}, self.http, _refused_token)
        grant = calls.understood(calls.repeat("POST", "oauth/v1/token", data=form), Grant, "retry")
        values = {"access_token": grant.access_token, "refresh_token": grant.refresh_token}
        return Renewal(values, now + timedelta(seconds=grant.expires_in))

    def _account(self) -> Account:
        self._known = self._known or self._calls.read("account-info/v3/details", {}, Account)
        return self._known

    def _path(self, kind: str, area: str = "objects") -> str:
        version = self.config.api_version
        return f"crm/v3/{area}/{kind}" if version == "v3" else f"crm/{area}/{version}/{kind}"

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Whatever is asked here may be asked twice."""
        return self._calls.repeat(method, path, json=dict(body))

    def _by(self, name: str, value: str) -> str | None:
        """Read at once, not searched for."""
        path = f"{self._path('contacts')}/{quote(value, safe='')}"
        try:
            return str(self._calls.read(path, {"idProperty": name}, Object).id)
        except DeliveryError as error:
            if error.code == failures.GONE:
                return None
            raise

    def _search(self, name: str, value: str) -> str | None:
        filters = [{"propertyName": name, "operator": "EQ", "value": value}]
        asked = {"filterGroups": [{"filters": filters}], "properties": [name], "limit": 2, "sorts": []}
        response = self._ask("POST", f"{self._path('contacts')}/search", asked)
        found = self._calls.understood(response, Objects, "retry").results
        return str(found[0].id) if len(found) == 1 else None

    def _engage(self, kind: str, record_id: str, key: str, values: Mapping[str, str]) -> str:
        """A task or a note, once for each key, and whom it is about."""
        told = {"id": key, "idProperty": properties.KEY, "properties": {**values, properties.KEY: key}}
        response = self._ask("POST", f"{self._path(kind)}/batch/upsert", {"inputs": [told]})
        made = self._calls.understood(response, Objects, "retry").results
        if not made:
            raise DeliveryError("permanent", f"HubSpot did not make the {kind[:-1]}.", code="not_made")
        number = str(made[0].id)
        self._ask("PUT", f"crm/v4/objects/{kind}/{number}/associations/default/contacts/{record_id}", {})
        return number


def _as_html(text: str) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace("\n", "<br>")


def _refused_token(response: httpx.Response) -> DeliveryError | None:
    if response.status_code in (400, 401):
        message = "HubSpot no longer accepts the refresh token; connect HubSpot again."
        return DeliveryError("reauthorise", message, code="dead_refresh_token")
    return failures.find(response)
