"""The stand-ins of the CRMs, looked at with one pair of eyes: leads by our own names of the fields."""

from abc import ABC, abstractmethod
from typing import Any

from socialai.crms.registry import CRMS
from socialai.sandbox.crm import CrmSandbox
from socialai.sandbox.hubspot.sandbox import HubSpotSandbox
from socialai.sandbox.salesforce.sandbox import SalesforceSandbox
from socialai.sandbox.zoho.sandbox import ZohoSandbox

Row = dict[str, Any]


class Stand(ABC):
    """`tasks` are what somebody should do, `notes` what was said; each with the id of whom it is about."""

    kind: str
    sandbox: CrmSandbox

    @abstractmethod
    def rows(self) -> dict[str, Row]:
        """The leads as they are kept there."""

    @abstractmethod
    def add(self, values: Row) -> str: ...

    @abstractmethod
    def lose(self, record_id: str) -> None:
        """Somebody deletes a lead there."""

    @abstractmethod
    def tasks(self) -> list[tuple[str, str]]:
        """Subject and whom it is about."""

    @abstractmethod
    def notes(self) -> list[tuple[str, str]]:
        """What it says and whom it is about."""

    def leads(self) -> list[Row]:
        """By our own names; numbers as they are written."""
        named = CRMS[self.kind].fields
        return [
            {
                ours: f"{row[theirs]:g}" if isinstance(row[theirs], float) else row[theirs]
                for ours, theirs in named.items()
                if row.get(theirs)
            }
            for row in self.rows().values()
        ]


class HubSpotStand(Stand):
    kind = "hubspot"

    def __init__(self) -> None:
        self.sandbox = self._hubspot = HubSpotSandbox(late=0.0, hold_for=0.05)

    def rows(self) -> dict[str, Row]:
        return {key: dict(one.properties) for key, one in self._hubspot.account.records["contacts"].items()}

    def add(self, values: Row) -> str:
        return self._hubspot.account.create("contacts", values).id

    def lose(self, record_id: str) -> None:
        del self._hubspot.account.records["contacts"][record_id]

    def tasks(self) -> list[tuple[str, str]]:
        return self._about("tasks", "hs_task_subject")

    def notes(self) -> list[tuple[str, str]]:
        return self._about("notes", "hs_note_body")

    def _about(self, kind: str, name: str) -> list[tuple[str, str]]:
        about = {number: to for what, number, _, to in self._hubspot.account.associations if what == kind}
        kept = self._hubspot.account.records[kind]
        return [(one.properties[name], about.get(number, "")) for number, one in kept.items()]


class SalesforceStand(Stand):
    kind = "salesforce"

    def __init__(self) -> None:
        self.sandbox = self._salesforce = SalesforceSandbox(hold_for=0.05)

    def rows(self) -> dict[str, Row]:
        return self._salesforce.account.records["Lead"]

    def lose(self, record_id: str) -> None:
        del self.rows()[record_id]

    def add(self, values: Row) -> str:
        return str(self._salesforce.account.create("Lead", {"Company": "Bonn", **values})["Id"])

    def tasks(self) -> list[tuple[str, str]]:
        return [(one["Subject"], one["WhoId"]) for one in self._acts("Not Started")]

    def notes(self) -> list[tuple[str, str]]:
        return [(one["Description"], one["WhoId"]) for one in self._acts("Completed")]

    def _acts(self, status: str) -> list[Row]:
        return [one for one in self._salesforce.account.records["Task"].values() if one["Status"] == status]


class ZohoStand(Stand):
    kind = "zoho"

    def __init__(self) -> None:
        self.sandbox = self._zoho = ZohoSandbox(hold_for=0.05)

    def rows(self) -> dict[str, Row]:
        return self._zoho.account.records["Leads"]

    def lose(self, record_id: str) -> None:
        del self.rows()[record_id]

    def add(self, values: Row) -> str:
        return str(self._zoho.account.create("Leads", values)["id"])

    def tasks(self) -> list[tuple[str, str]]:
        return [(one["Subject"], one["What_Id"]["id"]) for one in self._acts("Not Started")]

    def notes(self) -> list[tuple[str, str]]:
        return [(one["Description"], one["What_Id"]["id"]) for one in self._acts("Completed")]

    def _acts(self, status: str) -> list[Row]:
        return [one for one in self._zoho.account.records["Tasks"].values() if one["Status"] == status]


STANDS = (HubSpotStand, SalesforceStand, ZohoStand)
