"""Somebody on the shop's own site: what the chat's window asks of the hub, without a browser."""

from itertools import count
from typing import Any

import httpx

_SECONDS = 10.0


class Visitor:
    def __init__(self, hub: str, chat: str, name: str = "", email: str = "", locale: str = "en") -> None:
        self._about = {"name": name, "email": email, "agreed": bool(name or email), "locale": locale}
        self._http = httpx.Client(base_url=f"{hub}/widget/{chat}", timeout=_SECONDS, trust_env=False)
        self._numbers = count(1)

    def say(self, text: str, page: str = "", file: tuple[str, bytes] | None = None) -> str:
        """Their message's number; httpx.HTTPError when the hub refuses it."""
        if "authorization" not in self._http.headers:
            self._http.headers["authorization"] = f"Bearer {self._ask('POST', 'visitors')['key']}"
        number = f"message-{next(self._numbers)}"
        said = {"id": number, "text": text, "page": page, "files": self._choose(file), **self._about}
        self._ask("POST", "messages", json=said)
        return number

    def sees(self) -> list[dict[str, Any]]:
        """The talk, as the window shows it."""
        lines: list[dict[str, Any]] = self._ask("GET", "messages")["lines"]
        return lines

    def close(self) -> None:
        self._http.close()

    def _choose(self, file: tuple[str, bytes] | None) -> list[str]:
        if file is None:
            return []
        name, content = file
        return [self._ask("POST", "files", params={"name": name}, content=content)["ref"]]

    def _ask(self, method: str, end: str, **what: Any) -> dict[str, Any]:
        answer = self._http.request(method, f"/{end}", **what).raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
