"""Who asks, and what may go wrong on the way."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from litestar import Request

from socialai.sandbox.failures import Call
from socialai.sandbox.x import problems
from socialai.sandbox.x.state import State

Asked = Request[Any, Any, Any]
Shown = dict[str, Any]
T = TypeVar("T")


class Wire(Protocol):
    """What an endpoint may do to its connection."""

    async def hold(self, request: Asked) -> None: ...

    def cut(self, request: Asked) -> None: ...


def state_of(request: Asked) -> State:
    state: State = request.app.state.sandbox
    return state


def as_account(request: Asked) -> State:
    """With an access token of the account's that has not ended."""
    state = state_of(request)
    ends_at = state.tokens.access.get(_bearer(request))
    if ends_at is None or ends_at <= state.clock():
        raise problems.unauthorised()
    return state


def as_app(request: Asked) -> State:
    state = state_of(request)
    if _bearer(request) != state.app.bearer:
        raise problems.unauthorised()
    return state


async def answered(request: Asked, call: Call, act: Callable[[], T]) -> T:
    """What `act` gives, or the failure that is due."""
    failure = request.app.state.failures.take(call)
    if failure is None:
        return act()
    wire: Wire = request.app.state.wire
    if failure == "timeout_after_accepting":
        act()
    if failure in ("timeout_after_accepting", "timeout_before_accepting"):
        await wire.hold(request)
    if failure == "broken_connection":
        wire.cut(request)
    raise problems.of(failure, state_of(request).clock().timestamp())


def _bearer(request: Asked) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
