"""The contract of a platform adapter: it translates, it never stores.

An adapter is bound to one channel's `config` and given an HTTP client. It sees no database,
decides no retry and knows no other adapter. `verify`, `handshake` and `parse` do no I/O.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import httpx
import msgspec
from msgspec import Meta, Struct

from socialai.domain.happening import Attachment, Happening, Profile
from socialai.domain.limits import size
from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError, ParseError
from socialai.platforms.capabilities import Capabilities
from socialai.platforms.review import Ask

Secret = Annotated[str, Meta(extra={"secret": True})]
"""A field of a Config that is sealed in the vault and never shown again."""

Destination = Annotated[str, Meta(extra={"destination": True})]
"""A field of a Config that says where the secrets are sent: with another one they are entered again."""


Generated = Annotated[str, Meta(extra={"generated": True})]
"""A field of a Config that the hub makes by itself: no form asks for it, and it stays as it is."""

GeneratedSecret = Annotated[str, Meta(extra={"generated": True, "secret": True})]
"""Both."""


class WebhookRequest(Struct, frozen=True):
    """A delivery as it came: header names in lower case, the body's raw bytes."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Answer(Struct, frozen=True):
    """What the platform wants back."""

    text: str
    media_type: str = "text/plain"


class Outgoing(Struct, frozen=True):
    """One message to put on the wire. `key` must travel with it where the platform allows.

    `thread` is the post under which it is said in public, '' for a private message; `answers` is the
    contact's message that it answers, written at `answers_at`; `private`: a comment is answered by private
    message. `also` are other ids that the platform has for the contact. `template`: it goes out in the
    message template of the channel's Config, which a platform lets through when its window is closed.
    `known`: ids of messages that are accounted for, so that none of them is taken for this one.
    """

    contact: str
    text: str
    key: str
    last_contact_message_at: datetime | None
    by_person: bool
    known: frozenset[str] = frozenset()
    thread: str = ""
    answers: str | None = None
    answers_at: datetime | None = None
    private: bool = False
    also: tuple[str, ...] = ()
    template: bool = False

    @property
    def in_public(self) -> bool:
        return bool(self.thread) and not self.private


class Template(Struct, frozen=True):
    """A message the platform approved beforehand. It has a blank for up to `most` characters; 0: it goes out
    just as it is."""

    name: str
    most: int = 0


class Polled(Struct, frozen=True):
    """Each of `bodies` is an event as `parse` reads it, oldest first; the next poll goes on at `cursor`.

    `more`: there is more to read right away, or the platform was waited for and is asked again at once.
    `live`: this is how its news come, so that nothing of it was missed before. `cost`: what this reading
    cost, in US dollars.
    """

    bodies: Sequence[bytes]
    cursor: str
    more: bool = False
    live: bool = False
    cost: float = 0.0


class Renewal(Struct, frozen=True):
    """Fields of the Config with their new values, and when the new token ends; None: never."""

    values: Mapping[str, str]
    expires_at: datetime | None


class Finding(Struct, frozen=True):
    """One thing that was looked at. `says` is a plain sentence, and what to do when it is not `ok`."""

    about: str
    state: Literal["ok", "warn", "fix"]
    says: str


class Rehearsal(Struct, frozen=True):
    """What the platform would ask of a webhook address: the query of its handshake (empty: it asks nothing)
    with what the answer must hold, and a delivery that says nothing, signed as its own are."""

    query: Mapping[str, str]
    answer: str
    body: bytes
    headers: Mapping[str, str]


class Fetched(Struct, frozen=True):
    """Where a file of a message is read from, and with which headers. Its address is a stranger's word.

    `target` is what is asked for there instead of the address's path, when that holds a secret.
    """

    url: str
    headers: Mapping[str, str] = {}
    target: str = ""


class Platform(ABC):
    """One channel on one platform."""

    kind: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    Config: ClassVar[type[Struct]]
    review: ClassVar[tuple[Ask, ...]] = ()
    """What it asks before its app may serve strangers."""
    account_fields: ClassVar[tuple[str, ...]] = ()
    """Fields of the Config with other ids under which the platform says that access was taken away."""

    def __init__(self, config: Any, http: httpx.Client) -> None:
        self.config = config
        self.http = http

    @property
    def used(self) -> float:
        """The share of the platform's budget that is gone, 0 to 1, as it said last."""
        return 0.0

    @property
    @abstractmethod
    def external_id(self) -> str:
        """The account's id on the platform."""

    @abstractmethod
    def handshake(self, query: Mapping[str, str]) -> Answer:
        """What the platform wants back when it checks the URL, or SignatureError."""

    @abstractmethod
    def verify(self, request: WebhookRequest) -> None:
        """Return when the delivery is authentic, else raise SignatureError."""

    def label(self, body: bytes) -> bytes:
        """What is kept of a delivery that was verified, for `parse`: with what only the channel knows."""
        return body

    @classmethod
    @abstractmethod
    def parse(cls, body: bytes) -> list[Happening]:
        """Everything the event says, in order, or ParseError. Never an empty list."""

    @classmethod
    def split(cls, body: bytes) -> Mapping[str, bytes]:
        """One event a channel, by its account's id: what one app of several businesses was delivered at once.
        ParseError."""
        raise ParseError(f"{cls.title} delivers to each business's own address.")

    @abstractmethod
    def send(self, outgoing: Outgoing, now: datetime) -> str:
        """Put it on the wire; the platform's new id, or DeliveryError."""

    @abstractmethod
    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        """Read back whether `outgoing` arrived after `since`: its id there, None if it surely did not.

        DeliveryError when that cannot be told now; `permanent`: it never can.
        """

    @abstractmethod
    def check(self) -> str:
        """Ask the platform who we are: the account's name there, or DeliveryError."""

    def moderate(self, deed: Deed, _external_id: str, _text: str) -> None:
        """Do one of the capabilities' deeds to a message; `text` is for `edit`. DeliveryError. Once or twice
        is the same."""
        raise DeliveryError("permanent", f"{self.title} has no way to {deed} a message.", code="unable")

    def profile(self, _contact: str) -> Profile:
        """What the platform tells of a contact, or DeliveryError."""
        raise DeliveryError("permanent", f"{self.title} tells nothing of people.", code="unable")

    def typing(self, _outgoing: Outgoing) -> None:
        """Show that this answer is being written, and that the contact's message was read; a courtesy, so
        failures are DeliveryErrors to ignore."""
        return

    @classmethod
    def template(cls, _config: Mapping[str, Any]) -> Template | None:
        """What a person may still send when the window is closed, by the fields of a channel's Config that
        are no secrets."""
        return None

    def poll(self, _cursor: str | None, _now: datetime) -> Polled:
        """What happened since `cursor`; None: from now on. DeliveryError."""
        raise DeliveryError("permanent", f"{self.title} cannot be asked for news.", code="unable")

    def renew(self, _now: datetime) -> Renewal:
        """A token that lives longer, or DeliveryError; `reauthorise`: a person must connect again."""
        raise DeliveryError("permanent", f"{self.title} has nothing to renew.", code="unable")

    def subscribe(self, _url: str) -> None:
        """Have the platform deliver to `url`, or DeliveryError. Nothing where an owner does that there."""
        return

    def rehearse(self) -> Rehearsal | None:
        """To try the way in without the platform; None: that cannot be done as the platform would."""
        return None

    def examine(self, _url: str, _now: datetime) -> Sequence[Finding]:
        """What the connection doctor can learn from the platform; `url` is where it should deliver to."""
        return ()

    def locate(self, attachment: Attachment) -> Fetched | None:
        """Where an attachment's file is; None: there is none. DeliveryError when that cannot be told now."""
        return Fetched(attachment.url) if attachment.url else None

    def check_text(self, outgoing: Outgoing) -> None:
        """What the platform would refuse is refused before it is sent."""
        limits = self.capabilities.limits(in_public=outgoing.in_public)
        if not outgoing.text.strip():
            raise DeliveryError("permanent", "The message is empty.", code="empty")
        if size(outgoing.text, limits.unit) > limits.wire:
            unit = "bytes" if limits.unit == "bytes" else "characters"
            message = f"The message is longer than the {limits.wire} {unit} {self.title} takes at once."
            raise DeliveryError("permanent", message, code="too_long")


def secret_fields(config: type[Struct]) -> Sequence[str]:
    """Names of the fields of a Config that are sealed."""
    return _marked(config, "secret")


def generated_fields(config: type[Struct]) -> Sequence[str]:
    """Names of the fields of a Config that nobody enters."""
    return _marked(config, "generated")


def destination_fields(config: type[Struct]) -> Sequence[str]:
    """Names of the fields of a Config that say where its secrets are sent."""
    return _marked(config, "destination")


def _marked(config: type[Struct], mark: str) -> list[str]:
    info = msgspec.inspect.type_info(config)
    assert isinstance(info, msgspec.inspect.StructType)
    return [field.name for field in info.fields if _has(field.type, mark)]


def _has(kind: Any, mark: str) -> bool:
    return isinstance(kind, msgspec.inspect.Metadata) and bool((kind.extra or {}).get(mark))
