"""The Graph API over HTTP: every answer is a record or a DeliveryError.

No error is chained to its cause: httpx's carry the request, and with it the token and the text.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from socialai.errors import DeliveryError, Outcome
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.facebook.failures import refused
from socialai.platforms.facebook.signature import proof

T = TypeVar("T")

_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Graph:
    """One Page's side of the Graph API."""

    def __init__(self, config: FacebookConfig, http: httpx.Client) -> None:
        self._http = http
        self._base = f"{config.graph_url.rstrip('/')}/{config.api_version}"
        self._headers = {"Authorization": f"Bearer {config.page_token}"}
        self._proof = {"appsecret_proof": proof(config.app_secret, config.page_token)}

    def write(self, path: str, body: Mapping[str, Any], kind: type[T]) -> T:
        """POST; an answer that does not arrive whole leaves the outcome `unknown`."""
        return self._ask("POST", path, kind, "unknown", json={**body, **self._proof})

    def read(self, path: str, query: Mapping[str, str], kind: type[T]) -> T:
        """GET; nothing can have happened, so an answer that does not arrive is worth a retry."""
        try:
            return self._ask("GET", path, kind, "retry", params={**query, **self._proof})
        except DeliveryError as error:
            if error.outcome != "unknown":
                raise
            raise DeliveryError("retry", str(error), code=error.code) from None

    def _ask(self, method: str, path: str, kind: type[T], lost: Outcome, **what: Any) -> T:
        response = self._response(method, path, lost, what)
        if error := refused(response):
            raise error
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (ValueError, RecursionError):
            message = "Facebook's answer could not be understood."
            raise DeliveryError(lost, message, code="unreadable_answer") from None

    def _response(self, method: str, path: str, lost: Outcome, what: Mapping[str, Any]) -> httpx.Response:
        try:
            return self._http.request(method, f"{self._base}/{path}", headers=self._headers, **what)
        except _NOTHING_LEFT as error:
            message = "Facebook could not be reached; check the internet connection."
            raise DeliveryError("retry", message, code=type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = "The connection to Facebook broke before its answer came."
            raise DeliveryError(lost, message, code=type(error).__name__) from None
