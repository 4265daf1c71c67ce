"""The Graph API over HTTP: every answer is a record or a DeliveryError."""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx

from socialai.platforms.calls import Calls
from socialai.platforms.meta import usage
from socialai.platforms.meta.failures import Refusals
from socialai.platforms.meta.signature import proof

T = TypeVar("T")

_AGENT = "SocialAI-Hub/0.1.0"
"""The official WhatsApp specification wants an agent of this shape."""


class Graph:
    """One account's side of the Graph API. With `app_secret` every request proves that we know it."""

    def __init__(
        self, base: str, token: str, http: httpx.Client, refusals: Refusals, app_secret: str = ""
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "User-Agent": _AGENT}
        self._calls = Calls(refusals.title, base, headers, http, refusals.find)
        self._proof = {"appsecret_proof": proof(app_secret, token)} if app_secret else {}

    @property
    def used(self) -> float:
        return usage.share(self._calls.last)

    def write(self, path: str, body: Mapping[str, Any], kind: type[T]) -> T:
        """POST; an answer that does not arrive whole leaves the outcome `unknown`."""
        response = self._calls.write("POST", path, json={**body, **self._proof})
        return self._calls.understood(response, kind)

    def repeat(self, method: str, path: str, query: Mapping[str, str], kind: type[T]) -> T:
        """What may be done twice: an answer that does not arrive is worth a retry."""
        response = self._calls.repeat(method, path, params={**query, **self._proof})
        return self._calls.understood(response, kind, "retry")

    def read(self, path: str, query: Mapping[str, str], kind: type[T]) -> T:
        """GET; nothing can have happened."""
        return self.repeat("GET", path, query, kind)
