"""What the stand-ins of CRMs share: one account over real HTTP, its tokens, and failures that they are
told to have."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self

from litestar import Litestar, Request, Response
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from socialai.sandbox.failures import Failure, FailureKind, Failures
from socialai.sandbox.server import Server

Asked = Request[Any, Any, Any]
Work = Callable[[], Response[Any]]


class Wire(Protocol):
    """What an endpoint may do to its connection."""

    async def hold(self, request: Asked) -> None: ...

    def cut(self, request: Asked) -> None: ...


class CrmSandbox(ABC):
    """Its refresh token lives for ever, its access token until `expire`."""

    kind: ClassVar[str]
    token: ClassVar[str]
    refresh_token: ClassVar[str]

    def __init__(self, account: Any, call: ControllerRouterHandler, port: int, hold_for: float) -> None:
        self.failures = Failures()
        self._state = State(
            {
                "account": account,
                "failures": self.failures,
                "token": self.token,
                "refresh_token": self.refresh_token,
            }
        )
        self._server = Server(Litestar([call], state=self._state, openapi_config=None), port, hold_for)
        self._state.wire = self._server
        self.base_url = ""

    def __enter__(self) -> Self:
        self.base_url = self._server.start()
        self._state.base_url = self.base_url
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @abstractmethod
    def values(self) -> dict[str, str]:
        """What an owner enters to connect it."""

    def expire(self) -> None:
        """The access token of now lets nobody in any more."""
        self._state.token += "-"

    def fail(
        self, kind: FailureKind, *, times: int | None = None, probability: float | None = None, seed: int = 0
    ) -> None:
        """What is asked from now on, reading or writing."""
        self.failures.add(Failure(kind, times, probability, seed, on="any"))


async def perform(
    request: Asked, work: Work, refusal: Callable[[FailureKind], Response[Any]]
) -> Response[Any]:
    """Do it, or suffer what the sandbox was told to have."""
    failure = request.app.state.failures.take("read" if request.method == "GET" else "send")
    wire: Wire = request.app.state.wire
    if failure is None:
        return await sync_to_thread(work)
    if failure == "timeout_after_accepting":
        await sync_to_thread(work)
        await wire.hold(request)
    if failure == "timeout_before_accepting":
        await wire.hold(request)
    if failure == "broken_connection":
        wire.cut(request)
    return refusal(failure)
