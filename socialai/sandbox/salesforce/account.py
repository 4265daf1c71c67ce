"""A Salesforce organization in memory: leads and tasks, their fields, and what Salesforce wants of each."""

import re
import threading
from collections.abc import Mapping
from itertools import count
from typing import Any

from msgspec import Struct

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PREFIX = {"Lead": "00Q", "Task": "00T"}
_REQUIRED = {"Lead": ("LastName", "Company"), "Task": ()}


class Refused(Exception):
    """As Salesforce writes it."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = [{"errorCode": code, "message": message, **more}]


class Field(Struct):
    name: str
    type: str = "string"
    length: int = 255
    unique: bool = False


_LEAD = (
    Field("FirstName", length=40),
    Field("LastName", length=80),
    Field("Company"),
    Field("Email", "email", 80),
    Field("Phone", "phone", 40),
    Field("Rating", "picklist"),
    Field("LeadSource", "picklist"),
    Field("Status", "picklist"),
    Field("IsConverted", "boolean", 0),
)
_TASK = (
    Field("Subject", "combobox"),
    Field("Status", "picklist"),
    Field("Priority", "picklist"),
    Field("ActivityDate", "date", 0),
    Field("WhoId", "reference", 18),
    Field("Description", "textarea", 32_000),
)
_OURS = {
    "Lead": (
        Field("SocialAI_ID__c", length=80, unique=True),
        Field("Social_ID__c", length=120),
        Field("LeadScore__c", "double", 0),
        Field("SocialAI_Reasons__c", "textarea", 2000),
    ),
    "Task": (Field("SocialAI_Key__c", length=120, unique=True),),
}


class Account:
    """Safe from every thread under `lock`. `made`: an owner has made the fields that the hub wants."""

    def __init__(self, *, made: bool, calls: int) -> None:
        self.lock = threading.RLock()
        self.calls, self.used = calls, 0
        self._numbers = count(1)
        self.records: dict[str, dict[str, dict[str, Any]]] = {"Lead": {}, "Task": {}}
        self.fields = {
            kind: {one.name: one for one in (*own, *(_OURS[kind] if made else ()))}
            for kind, own in {"Lead": _LEAD, "Task": _TASK}.items()
        }

    def get(self, kind: str, record_id: str) -> dict[str, Any]:
        try:
            return self.records[kind][record_id]
        except KeyError:
            raise Refused(404, "NOT_FOUND", "The requested resource does not exist") from None

    def holding(self, kind: str, name: str, value: str) -> dict[str, Any] | None:
        if not self.fields[kind].get(name, Field(name)).unique:
            message = f"Provided external ID field does not exist or is not accessible: {name}"
            raise Refused(404, "NOT_FOUND", message)
        return next((each for each in self.records[kind].values() if each.get(name) == value), None)

    def create(self, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
        missing = [name for name in _REQUIRED[kind] if not given.get(name)]
        if missing:
            message = f"Required fields are missing: [{', '.join(missing)}]"
            raise Refused(400, "REQUIRED_FIELD_MISSING", message, fields=missing)
        self._check(kind, given, None)
        self._look_for_duplicates(kind, given)
        record = {"Id": f"{_PREFIX[kind]}5g{next(self._numbers):010d}", "IsConverted": False, **given}
        self.records[kind][record["Id"]] = record
        return record

    def update(self, kind: str, record: dict[str, Any], given: Mapping[str, Any]) -> None:
        if record.get("IsConverted"):
            raise Refused(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
        self._check(kind, given, record)
        record |= given

    def select(self, kind: str, name: str, value: str) -> list[dict[str, Any]]:
        if name not in self.fields[kind]:
            message = f"No such column '{name}' on entity '{kind}'"
            raise Refused(400, "INVALID_FIELD", message)
        return [
            each
            for each in self.records[kind].values()
            if str(each.get(name, "")).lower() == value.lower() and not each.get("IsConverted")
        ]

    def _check(self, kind: str, given: Mapping[str, Any], record: dict[str, Any] | None) -> None:
        for name, value in given.items():
            one = self.fields[kind].get(name)
            if one is None:
                raise Refused(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}")
            _check_value(one, value)
            holder = self.holding(kind, name, value) if one.unique else None
            if holder is not None and holder is not record:
                message = f"duplicate value found: {name} duplicates value on record with id: {holder['Id']}"
                raise Refused(400, "DUPLICATE_VALUE", message, fields=[])

    def _look_for_duplicates(self, kind: str, given: Mapping[str, Any]) -> None:
        """The rule that is on in every new organization: not two leads with one e-mail address."""
        if kind != "Lead" or not given.get("Email"):
            return
        if not (found := self.select("Lead", "Email", given["Email"])):
            return
        matches = [{"record": {"attributes": {"type": "Lead"}, "Id": each["Id"]}} for each in found]
        told = {
            "allowSave": True,
            "duplicateRule": "Standard_Rule_for_Leads_with_Duplicate_Leads",
            "matchResults": [{"entityType": "Lead", "matchRecords": matches, "size": len(matches)}],
        }
        raise Refused(400, "DUPLICATES_DETECTED", "Use one of these records?", duplicateResut=told)


def _check_value(one: Field, value: Any) -> None:
    if one.type == "double" and not isinstance(value, int | float):
        raise Refused(400, "JSON_PARSER_ERROR", f"Cannot deserialize instance of double from {value!r}")
    if isinstance(value, str) and 0 < one.length < len(value):
        message = f"{one.name}: data value too large: (max length={one.length})"
        raise Refused(400, "STRING_TOO_LONG", message, fields=[one.name])
    if one.type == "email" and not _EMAIL.fullmatch(value):
        raise Refused(400, "INVALID_EMAIL_ADDRESS", f"{one.name}: invalid email address", fields=[one.name])
