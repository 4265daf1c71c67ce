"""How an owner connects an account by signing in at the platform (OAuth 2, authorisation code).

A connector is bound to one app at the platform: the tenant's own, or the installation's. It asks and
translates; it keeps nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import httpx
from msgspec import Struct

from socialai.errors import SignatureError
from socialai.platforms.base import Answer, WebhookRequest


class Found(Struct, frozen=True):
    """An account that may be connected: `values` are the fields of the platform's Config, `expires_at` when
    its token ends; None: never."""

    external_id: str
    name: str
    values: Mapping[str, Any]
    expires_at: datetime | None = None


class Granted(Struct, frozen=True):
    """What came of signing in. `missing` are permissions that are needed and were not given, in plain
    words."""

    accounts: Sequence[Found]
    missing: Sequence[str] = ()


class Connector(ABC):
    """`App` holds what the platform gave the app: its id, its secret and the like; a form is drawn from
    it."""

    kind: ClassVar[str]
    pkce: ClassVar[bool] = False
    App: ClassVar[type[Struct]]

    def __init__(self, app: Any, http: httpx.Client) -> None:
        self.app = app
        self.http = http

    def verify(self, _request: WebhookRequest) -> None:
        """A delivery to the address of the whole installation: return when it is of this app, else raise
        SignatureError."""
        raise SignatureError(f"{self.kind} delivers to each business's own address.")

    def handshake(self, _query: Mapping[str, str]) -> Answer:
        """What the platform wants back when it checks that address, or SignatureError."""
        raise SignatureError(f"{self.kind} delivers to each business's own address.")

    @abstractmethod
    def authorise_url(self, state: str, redirect: str, challenge: str) -> str:
        """Where the owner signs in; `challenge` is the S256 one of PKCE."""

    @abstractmethod
    def grant(self, code: str, redirect: str, verifier: str, now: datetime) -> Granted:
        """The accounts behind the code, each with tokens that live long. DeliveryError."""
