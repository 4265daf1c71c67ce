"""What the contract test must know of a platform to try its adapter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from socialai.domain.happening import Happening

FIXTURES = Path(__file__).parent.parent / "fixtures"


class Fixture(Struct, frozen=True):
    """A delivery in the platform's documented shape, and what must come of it."""

    about: str
    payload: Any
    becomes: list[Happening]

    @property
    def body(self) -> bytes:
        return msgspec.json.encode(self.payload)


@dataclass(frozen=True)
class Sample:
    config: Struct
    secrets: tuple[str, ...]
    sign: Callable[[bytes], Mapping[str, str]]
    id_keys: frozenset[str]
    """Names under which the platform puts ids that may be numbers or text."""
    accepts: Callable[[], httpx.Response]
    sent_id: str
    blocked: Callable[[], httpx.Response]
    bad_request: Callable[[], httpx.Response]
    dead_token: Callable[[], httpx.Response]
    limited: Callable[[], httpx.Response]
    limited_for: float
    """Seconds the answer of `limited` asks for."""
    renews: Callable[[], httpx.Response] = lambda: httpx.Response(404)
    """What comes of renewing a token, where the platform's are renewed."""
    lacks: frozenset[str] = field(default_factory=frozenset)
    """Kinds of the quality list that the platform does not have."""
    shared: Mapping[str, list[str]] = field(default_factory=dict)
    """What must come of each payload that others recorded, by its file's name."""
    joined: frozenset[str] = frozenset()
    """Fields that hold several recorded values in one text."""
    worded: frozenset[str] = frozenset({"type", "kind", "reason", "closed"})
    """Fields that an adapter says in its own words."""


def fixtures(kind: str) -> dict[str, Fixture]:
    paths = sorted((FIXTURES / kind).glob("*.json"))
    return {path.stem: msgspec.json.decode(path.read_bytes(), type=Fixture) for path in paths}
