"""The contract of a CRM adapter. It translates and never keeps; every error it raises is a DeliveryError.

Every writing call may be made twice: the second changes nothing, as each record, task and note carries a key
of ours that the CRM holds to be unique.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import httpx
from msgspec import Struct

from socialai.domain.crm import Field
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding, Renewal

Values = Mapping[str, str]
"""The CRM's field → what it holds."""


class Wanted(Struct, frozen=True):
    """Whom to look for: by our own id first, then e-mail, phone and the id on a platform."""

    external_id: str
    email: str | None = None
    phone: str | None = None
    social_id: str | None = None


class Written(Struct, frozen=True):
    record_id: str
    created: bool


class Task(Struct, frozen=True):
    subject: str
    text: str
    due: date


class Exists(DeliveryError):
    """What should be made is there already, under this id."""

    def __init__(self, title: str, record_id: str) -> None:
        super().__init__("permanent", f"{title} has this lead already.", code="exists")
        self.record_id = record_id


class CrmAdapter(ABC):
    """One account at one CRM. `fields` are its names of our fields, `needs` what an owner must have there."""

    kind: ClassVar[str]
    title: ClassVar[str]
    Config: ClassVar[type[Struct]]
    fields: ClassVar[Mapping[Field, str]]
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, config: Any, http: httpx.Client) -> None:
        self.config = config
        self.http = http

    @property
    def renews(self) -> bool:
        """Whether its token ends, and another one can be had."""
        return bool(self.config.refresh_token)

    @property
    def used(self) -> float:
        """The share of the account's budget of calls that is gone, 0 to 1, as it said last."""
        return 0.0

    @abstractmethod
    def account(self) -> tuple[str, str]:
        """The account's id and name there: its credentials work."""

    @abstractmethod
    def prepare(self) -> Sequence[Finding]:
        """Make the fields that we need and that are not there; what cannot be made is found."""

    @abstractmethod
    def find(self, wanted: Wanted) -> str | None:
        """The record's id."""

    @abstractmethod
    def create(self, values: Values) -> Written:
        """Or bring up to date the one that the CRM says it is."""

    @abstractmethod
    def update(self, record_id: str, values: Values) -> None:
        """Only these fields; DeliveryError with the code `gone` when the record was deleted."""

    @abstractmethod
    def read(self, record_id: str, fields: Sequence[str]) -> Values:
        """What it holds now; DeliveryError with the code `gone` when it was deleted."""

    @abstractmethod
    def add_task(self, record_id: str, task: Task, key: str) -> str:
        """The task's id."""

    @abstractmethod
    def add_note(self, record_id: str, text: str, at: datetime, key: str) -> str:
        """Into its activity history: the note's id."""

    @abstractmethod
    def delete(self, record_id: str) -> None:
        """For erasure; nothing when it is gone."""

    @abstractmethod
    def url(self, record_id: str) -> str | None:
        """Where a person looks at it."""

    def renew(self, _now: datetime) -> Renewal | None:
        """A token that lives longer; None: this one does not end. DeliveryError."""
        return None
