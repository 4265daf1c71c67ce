"""A stand-in of HubSpot: one account over real HTTP."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from litestar import Litestar
from litestar.datastructures import State

from socialai.sandbox.failures import Failure, FailureKind, Failures
from socialai.sandbox.hubspot.account import Account
from socialai.sandbox.hubspot.endpoints import call
from socialai.sandbox.server import Server

TOKEN, REFRESH_TOKEN = "pat-na1-northwind", "refresh-northwind"


class HubSpotSandbox:
    """`late`: seconds after which a search sees what was written."""

    def __init__(
        self,
        *,
        port: int = 0,
        late: float = 2.0,
        hold_for: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.failures = Failures()
        self.account = Account(146_000_001, late, clock)
        self.token = TOKEN
        self._state = State(
            {
                "account": self.account,
                "failures": self.failures,
                "token": TOKEN,
                "refresh_token": REFRESH_TOKEN,
            }
        )
        self._server = Server(Litestar([call], state=self._state, openapi_config=None), port, hold_for)
        self._state.wire = self._server
        self.base_url = ""

    def __enter__(self) -> Self:
        self.base_url = self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def fail(
        self, kind: FailureKind, *, times: int | None = None, probability: float | None = None, seed: int = 0
    ) -> None:
        """What is asked from now on, reading or writing."""
        self.failures.add(Failure(kind, times, probability, seed, on="any"))
