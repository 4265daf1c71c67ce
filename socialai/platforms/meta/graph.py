"""The Graph API over HTTP: every answer is a record or a DeliveryError.

No error is chained to its cause: httpx's carry the request, and with it the token and the text.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from socialai.errors import DeliveryError, Outcome
from socialai.platforms.meta import usage
from socialai.platforms.meta.failures import Refusals
from socialai.platforms.meta.signature import proof

T = TypeVar("T")

_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_AGENT = "SocialAI-Hub/0.1.0"
"""The official WhatsApp specification wants an agent of this shape."""


class Graph:
    """One account's side of the Graph API. With `app_secret` every request proves that we know it."""

    def __init__(
        self, base: str, token: str, http: httpx.Client, refusals: Refusals, app_secret: str = ""
    ) -> None:
        self._http, self._refusals, self._base = http, refusals, base
        self.used = 0.0
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": _AGENT}
        self._proof = {"appsecret_proof": proof(app_secret, token)} if app_secret else {}

    def write(
        self, path: str, body: Mapping[str, Any], kind: type[T], query: Mapping[str, str] | None = None
    ) -> T:
        """POST; an answer that does not arrive whole leaves the outcome `unknown`."""
        return self._ask("POST", path, kind, "unknown", json={**body, **self._proof}, params=query or {})

    def repeat(self, method: str, path: str, query: Mapping[str, str], kind: type[T]) -> T:
        """What may be done twice: an answer that does not arrive is worth a retry."""
        try:
            return self._ask(method, path, kind, "retry", params={**query, **self._proof})
        except DeliveryError as error:
            if error.outcome != "unknown":
                raise
            raise DeliveryError("retry", str(error), code=error.code) from None

    def read(self, path: str, query: Mapping[str, str], kind: type[T]) -> T:
        """GET; nothing can have happened."""
        return self.repeat("GET", path, query, kind)

    def _ask(self, method: str, path: str, kind: type[T], lost: Outcome, **what: Any) -> T:
        response = self._response(method, path, lost, what)
        if error := self._refusals.find(response):
            raise error
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (ValueError, RecursionError):
            message = f"{self._refusals.title}'s answer could not be understood."
            raise DeliveryError(lost, message, code="unreadable_answer") from None

    def _response(self, method: str, path: str, lost: Outcome, what: Mapping[str, Any]) -> httpx.Response:
        title = self._refusals.title
        try:
            response = self._http.request(method, f"{self._base}/{path}", headers=self._headers, **what)
            self.used = usage.share(response.headers)
            return response
        except _NOTHING_LEFT as error:
            message = f"{title} could not be reached; check the internet connection."
            raise DeliveryError("retry", message, code=type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"The connection to {title} broke before its answer came."
            raise DeliveryError(lost, message, code=type(error).__name__) from None
