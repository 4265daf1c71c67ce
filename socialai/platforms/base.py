"""The contract of a platform adapter: it translates, it never stores.

An adapter is bound to one channel's `config` and given an HTTP client. It sees no database,
decides no retry and knows no other adapter. `verify`, `handshake` and `parse` do no I/O.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

import httpx
import msgspec
from msgspec import Meta, Struct

from socialai.domain.happening import Happening

Secret = Annotated[str, Meta(extra={"secret": True})]
"""A field of a Config that is sealed in the vault and never shown again."""

Destination = Annotated[str, Meta(extra={"destination": True})]
"""A field of a Config that says where the secrets are sent: with another one they are entered again."""


class Limits(Struct, frozen=True):
    """`wire` characters the platform takes in one message, `reply` those we write;
    the assistant may answer for `window` after the contact's last message, a person for `human_window`.
    None: no limit."""

    wire: int
    reply: int
    window: timedelta | None = None
    human_window: timedelta | None = None


class WebhookRequest(Struct, frozen=True):
    """A delivery as it came: header names in lower case, the body's raw bytes."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Outgoing(Struct, frozen=True):
    """One message to put on the wire. `key` must travel with it where the platform allows.

    `known`: ids of messages that are accounted for, so that none of them is taken for this one.
    """

    contact: str
    text: str
    key: str
    last_contact_message_at: datetime | None
    by_person: bool
    known: frozenset[str] = frozenset()


class Profile(Struct, frozen=True):
    name: str | None
    fields: dict[str, str]


class Platform(ABC):
    """One channel on one platform."""

    kind: ClassVar[str]
    title: ClassVar[str]
    limits: ClassVar[Limits]
    Config: ClassVar[type[Struct]]

    def __init__(self, config: Any, http: httpx.Client) -> None:
        self.config = config
        self.http = http

    @property
    @abstractmethod
    def external_id(self) -> str:
        """The account's id on the platform."""

    @abstractmethod
    def handshake(self, query: Mapping[str, str]) -> str:
        """The text the platform wants back when it checks the URL, or SignatureError."""

    @abstractmethod
    def verify(self, request: WebhookRequest) -> None:
        """Return when the delivery is authentic, else raise SignatureError."""

    @classmethod
    @abstractmethod
    def parse(cls, body: bytes) -> list[Happening]:
        """Everything the event says, in order, or ParseError. Never an empty list."""

    @abstractmethod
    def send(self, outgoing: Outgoing, now: datetime) -> str:
        """Put it on the wire; the platform's new id, or DeliveryError."""

    @abstractmethod
    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        """Read back whether `outgoing` arrived after `since`: its id there, None if it surely did not.

        DeliveryError when that cannot be told now.
        """

    @abstractmethod
    def profile(self, contact: str) -> Profile:
        """What the platform tells of a contact, or DeliveryError."""

    @abstractmethod
    def typing(self, contact: str) -> None:
        """Show that an answer is being written; a courtesy, so failures are DeliveryErrors to ignore."""

    @abstractmethod
    def check(self) -> str:
        """Ask the platform who we are: the account's name there, or DeliveryError."""


def secret_fields(config: type[Struct]) -> Sequence[str]:
    """Names of the fields of a Config that are sealed."""
    return _marked(config, "secret")


def destination_fields(config: type[Struct]) -> Sequence[str]:
    """Names of the fields of a Config that say where its secrets are sent."""
    return _marked(config, "destination")


def _marked(config: type[Struct], mark: str) -> list[str]:
    info = msgspec.inspect.type_info(config)
    assert isinstance(info, msgspec.inspect.StructType)
    return [field.name for field in info.fields if _has(field.type, mark)]


def _has(kind: Any, mark: str) -> bool:
    return isinstance(kind, msgspec.inspect.Metadata) and bool((kind.extra or {}).get(mark))
