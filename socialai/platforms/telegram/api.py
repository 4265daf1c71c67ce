"""The Bot API over HTTP: every answer is a record or a DeliveryError.

The token is a part of each address, where logs and errors would show it. So the address that a request has
is without it, and what is asked for on the wire goes beside it.
"""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Fetched
from socialai.platforms.calls import Calls
from socialai.platforms.telegram.config import TelegramConfig
from socialai.platforms.telegram.failures import find_error

T = TypeVar("T")


class Result(Struct, Generic[T]):
    result: T


class BotApi:
    """One bot's side of it."""

    def __init__(self, config: TelegramConfig, http: httpx.Client) -> None:
        self._base = config.api_url.rstrip("/")
        self._path = httpx.URL(self._base).path.rstrip("/")
        self._token = config.bot_token
        self._calls = Calls("Telegram", self._base, {}, http, find_error)

    def write(self, method: str, body: Mapping[str, Any], kind: type[T]) -> T:
        """What must not be done twice: an answer that does not arrive leaves the outcome `unknown`."""
        response = self._calls.write("POST", f"bot/{method}", json=body, **self._on_the_wire(method))
        return self._calls.understood(response, Result[kind]).result  # type: ignore[valid-type]  # a type at run time

    def repeat(
        self, method: str, body: Mapping[str, Any], kind: type[T], timeout: httpx.Timeout | None = None
    ) -> T:
        """What may be done twice: an answer that does not arrive is worth a retry."""
        patience = {"timeout": timeout} if timeout else {}
        response = self._calls.repeat(
            "POST", f"bot/{method}", json=body, **patience, **self._on_the_wire(method)
        )
        return self._calls.understood(response, Result[kind], "retry").result  # type: ignore[valid-type]  # a type at run time

    def file(self, path: str) -> Fetched:
        """Where a file is that Telegram gave a path for."""
        if path.startswith("/"):
            says = "The Bot API server keeps its files for itself; run it without --local."
            raise DeliveryError("permanent", says, code="local_file")
        wanted = quote(path, safe="/")
        return Fetched(
            f"{self._base}/file/bot/{wanted}", target=f"{self._path}/file/bot{self._token}/{wanted}"
        )

    def _on_the_wire(self, method: str) -> dict[str, Any]:
        target = f"{self._path}/bot{self._token}/{method}"
        return {"extensions": {"target": target.encode()}}
