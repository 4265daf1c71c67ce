"""One network's part of the demo. CONTRIBUTING says how to add one."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec import Struct

from socialai.sandbox.traffic import Cue


class Hub(Struct, frozen=True):
    """The demo's hub, as the outside sees it."""

    address: str
    tenant: str

    def webhook(self, kind: str) -> str:
        return f"{self.address}/webhooks/{kind}/{self.tenant}"


class Account(Struct, frozen=True):
    """An account of the shop that the demo connects: `kind` and `values` as the platform's Config wants
    them, and `app` as its Connector's App does, so that an owner can connect it again by signing in."""

    kind: str
    name: str
    values: Mapping[str, Any]
    app: Mapping[str, Any] | None = None


class Stage(ABC):
    """A stand-in with the shop's accounts on it and people who write to them: it runs while entered, and
    keeps what must outlive it under `folder`."""

    site: str = ""
    """A page of the shop's that whoever watches the demo can open, once it is entered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    @abstractmethod
    def accounts(self) -> Sequence[Account]:
        """Asked once it is entered."""

    @abstractmethod
    def connect(self, hub: Hub) -> None:
        """Deliver to the hub, which answers from now on."""

    @abstractmethod
    def cues(self, number: int) -> Iterable[Cue]:
        """What people do in round `number`, from 0 on; each round is of other people."""
