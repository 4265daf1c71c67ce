"""Calls to a platform over HTTP: what comes of each is an answer or a DeliveryError.

No error is chained to its cause: httpx's carry the request, and with it the token and the text.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from socialai.errors import DeliveryError, Outcome

T = TypeVar("T")

FindError = Callable[[httpx.Response], DeliveryError | None]
"""The error in an answer, or None when it is one of success."""

_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Calls:
    """One account's side of a platform's API at `base`; `headers` go with every call. `last` are the headers
    of the last answer, where platforms say how much may still be asked."""

    def __init__(
        self, title: str, base: str, headers: Mapping[str, str], http: httpx.Client, find_error: FindError
    ) -> None:
        self._title, self._base, self._headers = title, base.rstrip("/"), dict(headers)
        self._http, self._find_error = http, find_error
        self.last = httpx.Headers()

    def write(self, method: str, path: str, **what: Any) -> httpx.Response:
        """What must not be done twice: an answer that does not arrive leaves the outcome `unknown`."""
        return self._ask(method, path, "unknown", what)

    def repeat(self, method: str, path: str, **what: Any) -> httpx.Response:
        """What may be done twice: an answer that does not arrive is worth a retry."""
        try:
            return self._ask(method, path, "retry", what)
        except DeliveryError as error:
            if error.outcome != "unknown":
                raise
            raise DeliveryError("retry", str(error), code=error.code) from None

    def read(self, path: str, query: Mapping[str, str], kind: type[T]) -> T:
        return self.understood(self.repeat("GET", path, params=query), kind, "retry")

    def understood(self, response: httpx.Response, kind: type[T], lost: Outcome = "unknown") -> T:
        """An answer as `kind`; `lost` says what it means when it is none."""
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (ValueError, RecursionError):
            message = f"{self._title}'s answer could not be understood."
            raise DeliveryError(lost, message, code="unreadable_answer") from None

    def _ask(self, method: str, path: str, lost: Outcome, what: Mapping[str, Any]) -> httpx.Response:
        response = self._response(method, path, lost, what)
        self.last = response.headers
        if error := self._find_error(response):
            raise error
        return response

    def _response(self, method: str, path: str, lost: Outcome, what: Mapping[str, Any]) -> httpx.Response:
        try:
            return self._http.request(
                method,
                f"{self._base}/{path}",
                **{**what, "headers": {**self._headers, **what.get("headers", {})}},
            )
        except _NOTHING_LEFT as error:
            message = f"{self._title} could not be reached; check the internet connection."
            raise DeliveryError("retry", message, code=type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"The connection to {self._title} broke before its answer came."
            raise DeliveryError(lost, message, code=type(error).__name__) from None
