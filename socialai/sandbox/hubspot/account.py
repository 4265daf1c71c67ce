"""A HubSpot account in memory: contacts, tasks, notes, their properties, and what HubSpot wants of each."""

import threading
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from msgspec import Struct, field

DEFAULTS = {
    "contacts": "firstname lastname email phone company lifecyclestage lastmodifieddate",
    "tasks": "hs_timestamp hs_task_subject hs_task_body hs_task_status hs_task_priority hs_task_type",
    "notes": "hs_timestamp hs_note_body",
}
_REQUIRED = {"tasks": "hs_timestamp", "notes": "hs_timestamp"}


class Refused(Exception):
    """As HubSpot writes it."""

    def __init__(self, status: int, category: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "status": "error",
            "message": message,
            "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
            "category": category,
        }


class Record(Struct):
    id: str
    properties: dict[str, str]
    searchable_at: float = 0.0
    merged: list[str] = field(default_factory=list)

    def shown(self, wanted: Iterable[str] | None = None) -> dict[str, Any]:
        named = self.properties if wanted is None else {name: self.properties.get(name) for name in wanted}
        times = {"createdAt": "2026-11-01T08:00:00.000Z", "updatedAt": "2026-11-01T08:00:00.000Z"}
        return {"id": self.id, "properties": named, "archived": False, **times}


class Property(Struct):
    name: str
    unique: bool = False


class Account:
    """Safe from every thread. A search sees what was written `late` seconds before; `clock` counts them."""

    def __init__(self, portal: int, late: float, clock: Any) -> None:
        self.portal, self.late, self.clock = portal, late, clock
        self.lock = threading.RLock()
        self._numbers = count(5001)
        self.records: dict[str, dict[str, Record]] = {kind: {} for kind in DEFAULTS}
        self.properties = {
            kind: {name: Property(name, unique=name == "email") for name in names.split()}
            for kind, names in DEFAULTS.items()
        }
        self.groups: set[tuple[str, str]] = set()
        self.associations: set[tuple[str, str, str, str]] = set()

    def find(self, kind: str, value: str, by: str | None = None) -> Record:
        if by is None:
            found = self.records[kind].get(value) or next(
                (each for each in self.records[kind].values() if value in each.merged), None
            )
        else:
            self._check_names(kind, [by])
            if not self.properties[kind][by].unique:
                raise Refused(400, "VALIDATION_ERROR", f"{by} is not a unique property")
            found = self._holding(kind, by, value)
        if found is None:
            raise Refused(404, "OBJECT_NOT_FOUND", "resource not found")
        return found

    def create(self, kind: str, given: Mapping[str, Any]) -> Record:
        self._check(kind, given, None)
        required = _REQUIRED.get(kind)
        if required and not given.get(required):
            raise Refused(400, "VALIDATION_ERROR", f"Property values were not valid: {required} is required")
        record = Record(str(next(self._numbers)), {}, self.clock() + self.late)
        self.records[kind][record.id] = record
        return self._write(record, given)

    def update(self, kind: str, record: Record, given: Mapping[str, Any]) -> Record:
        self._check(kind, given, record)
        return self._write(record, given)

    def upsert(self, kind: str, by: str, value: str, given: Mapping[str, Any]) -> tuple[Record, bool]:
        try:
            return self.update(kind, self.find(kind, value, by), given), False
        except Refused as error:
            if error.status != 404:
                raise
        return self.create(kind, {**given, by: value}), True

    def search(self, kind: str, name: str, value: str) -> list[Record]:
        self._check_names(kind, [name])
        now = self.clock()
        return [
            record
            for record in self.records[kind].values()
            if record.searchable_at <= now and record.properties.get(name) == value
        ]

    def merge(self, kept: str, gone: str) -> None:
        """A person in HubSpot joins two contacts: the other id leads to the first."""
        with self.lock:
            contacts = self.records["contacts"]
            contacts[kept].merged += [gone, *contacts.pop(gone).merged]

    def _write(self, record: Record, given: Mapping[str, Any]) -> Record:
        record.properties |= {name: str(value) for name, value in given.items() if value not in (None, "")}
        for name, value in given.items():
            if value in (None, ""):
                record.properties.pop(name, None)
        return record

    def _check(self, kind: str, given: Mapping[str, Any], record: Record | None) -> None:
        self._check_names(kind, given)
        for name, value in given.items():
            if not isinstance(value, str):
                raise Refused(400, "VALIDATION_ERROR", f"Property values are strings: {name}")
            holder = (
                self._holding(kind, name, value) if self.properties[kind][name].unique and value else None
            )
            if holder is None or holder is record:
                continue
            if name == "email":
                raise Refused(409, "CONFLICT", f"Contact already exists. Existing ID: {holder.id}")
            raise Refused(400, "VALIDATION_ERROR", f"Cannot set {name}: {holder.id} already has that value.")

    def _check_names(self, kind: str, names: Iterable[str]) -> None:
        if unknown := [name for name in names if name not in self.properties[kind]]:
            raise Refused(400, "VALIDATION_ERROR", f'Property "{unknown[0]}" does not exist')

    def _holding(self, kind: str, name: str, value: str) -> Record | None:
        same = str.lower if name == "email" else str
        found = (
            record
            for record in self.records[kind].values()
            if same(record.properties.get(name, "")) == same(value)
        )
        return next(found, None)
