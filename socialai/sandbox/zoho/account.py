"""A Zoho CRM organization in memory: leads and tasks, their fields, and what Zoho wants of each."""

import threading
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from msgspec import Struct

_REQUIRED = {"Leads": "Last_Name", "Tasks": "Subject"}


class Refused(Exception):
    """Of one record, or of a whole call, as Zoho writes it."""

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "status": "error", "details": details}


class Field(Struct):
    api_name: str
    data_type: str = "text"
    length: int = 120
    unique: bool = False


_OWN = {
    "Leads": (
        Field("First_Name", length=40),
        Field("Last_Name", length=80),
        Field("Company", length=200),
        Field("Email", "email", 100),
        Field("Phone", "phone", 30),
        Field("Rating", "picklist"),
        Field("Lead_Source", "picklist"),
    ),
    "Tasks": (
        Field("Subject", length=255),
        Field("Status", "picklist"),
        Field("Priority", "picklist"),
        Field("Due_Date", "date"),
        Field("Description", "textarea", 32_000),
        Field("What_Id", "lookup"),
        Field("$se_module"),
    ),
}


class Account:
    """Safe from every thread under `lock`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._numbers = count(1)
        self.records: dict[str, dict[str, dict[str, Any]]] = {module: {} for module in _OWN}
        self.fields = {module: {one.api_name: one for one in own} for module, own in _OWN.items()}

    def get(self, module: str, record_id: str) -> dict[str, Any]:
        try:
            return self.records[module][record_id]
        except KeyError:
            message = "the id given seems to be invalid"
            raise Refused(400, "INVALID_DATA", message, api_name="id") from None

    def create(self, module: str, given: Mapping[str, Any]) -> dict[str, Any]:
        required = _REQUIRED[module]
        if not given.get(required):
            raise Refused(400, "MANDATORY_NOT_FOUND", "required field not found", api_name=required)
        self._check(module, given, None)
        record = {"id": f"55540000000{next(self._numbers):07d}", **given}
        self.records[module][record["id"]] = record
        return record

    def update(self, module: str, record: dict[str, Any], given: Mapping[str, Any]) -> None:
        self._check(module, given, record)
        record |= given

    def upsert(
        self, module: str, given: Mapping[str, Any], unique: Sequence[str]
    ) -> tuple[dict[str, Any], bool]:
        for name in unique:
            self._known(module, name)
            found = self.select(module, name, str(given[name])) if given.get(name) else []
            if found:
                self.update(module, found[0], given)
                return found[0], False
        return self.create(module, given), True

    def select(self, module: str, name: str, value: str) -> list[dict[str, Any]]:
        self._known(module, name)
        return [
            each for each in self.records[module].values() if str(each.get(name, "")).lower() == value.lower()
        ]

    def add_field(self, module: str, given: Mapping[str, Any]) -> None:
        name = str(given["field_label"]).replace(" ", "_")
        if name in self.fields[module]:
            raise Refused(400, "DUPLICATE_DATA", "duplicate data", api_name="field_label")
        one = Field(name, given["data_type"], given.get("length", 120), "unique" in given)
        self.fields[module][name] = one

    def _known(self, module: str, name: str) -> Field:
        try:
            return self.fields[module][name]
        except KeyError:
            raise Refused(400, "INVALID_QUERY", "column given seems to be invalid", api_name=name) from None

    def _check(self, module: str, given: Mapping[str, Any], record: dict[str, Any] | None) -> None:
        """A field that is not there is passed over, as Zoho does."""
        for name, value in given.items():
            one = self.fields[module].get(name)
            if one is None:
                continue
            if one.data_type == "integer" and not (isinstance(value, int | float) and value == int(value)):
                raise Refused(
                    400, "INVALID_DATA", "invalid data", expected_data_type="integer", api_name=name
                )
            if isinstance(value, str) and len(value) > one.length:
                raise Refused(400, "INVALID_DATA", "invalid data", maximum_length=one.length, api_name=name)
            holders = self.select(module, name, value) if one.unique else []
            if holders and holders[0] is not record:
                known = {"id": holders[0]["id"], "module": {"api_name": module}}
                raise Refused(400, "DUPLICATE_DATA", "duplicate data", api_name=name, duplicate_record=known)
