"""A stand-in of X over real HTTP on loopback, for the demo and for tests."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from litestar import Litestar, Response
from litestar.datastructures import State as AppState

from socialai.sandbox.failures import Failure, FailureKind, Failures
from socialai.sandbox.server import Server
from socialai.sandbox.x import acts, hooks, reading, signing_in, writing
from socialai.sandbox.x.asking import Asked, Shown
from socialai.sandbox.x.problems import GrantError, XError
from socialai.sandbox.x.records import APP, SHOP, App, Direct, Person, Post
from socialai.sandbox.x.sender import RETRY_WAITS, Sender
from socialai.sandbox.x.state import State


def utc_now() -> datetime:
    return datetime.now(UTC)


class XSandbox:
    """Start it, have the hub subscribe its webhook, let people write and post."""

    def __init__(
        self,
        shop: Person = SHOP,
        app: App = APP,
        *,
        clock: Callable[[], datetime] = utc_now,
        port: int = 0,
        retry_waits: Sequence[float] = RETRY_WAITS,
        hold_for: float = 30.0,
    ) -> None:
        self.base_url = ""
        self.failures = Failures()
        self.state = State(shop, app, clock)
        self._sender = Sender(self.state, retry_waits)
        state = AppState({"sandbox": self.state, "failures": self.failures})
        self._server = Server(_app(state), port, hold_for)
        state["wire"] = self._server

    def __enter__(self) -> Self:
        self.base_url = self._server.start()
        self._sender.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sender.stop()
        self._server.stop()

    def values(self) -> dict[str, str]:
        """What an owner enters to connect the account, with tokens that were granted just now."""
        with self.state.changing():
            access, refresh = self.state.grant()
        app = self.state.app
        return {
            "user_id": self.state.shop.id,
            "access_token": access,
            "refresh_token": refresh,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "bearer_token": app.bearer,
            "api_url": self.base_url,
        }

    def say(self, who: Person, text: str) -> Direct:
        """A person writes to the shop in private."""
        return acts.write(self.state, who, self.state.shop, text)

    def post(self, who: Person, text: str, answers: str | None = None) -> Post:
        """A person, or somebody of the shop on x.com, says something in public."""
        return acts.post(self.state, who, text, answers)

    def edit(self, post_id: str, text: str) -> None:
        acts.edit(self.state, post_id, text)

    def delete(self, post_id: str) -> None:
        acts.delete(self.state, post_id)

    def end_tokens(self) -> None:
        """Every access token ends at once, as after two hours; refresh tokens stay good."""
        with self.state.changing():
            self.state.tokens.access.clear()

    def fail(self, kind: FailureKind, **how: Any) -> None:
        """Fail (the fields of Failure): `times`, or with `probability` and `seed`; `on` which calls."""
        self.failures.add(Failure(kind=kind, **how))

    def sent(self) -> list[Direct]:
        """What the shop wrote in private, oldest first."""
        return [each for each in self.state.directs if each.sender == self.state.shop.id]

    def posted(self) -> list[Post]:
        """What the shop said in public, oldest first."""
        return [each for each in self.state.posts if each.author == self.state.shop.id and not each.deleted]

    def idle(self, timeout: float) -> bool:
        """Whether the hub took every event within `timeout` seconds."""
        return self.state.wait_until(lambda: not self.state.queue, timeout)


def _app(state: AppState) -> Litestar:
    return Litestar(
        [*signing_in.HANDLERS, *hooks.HANDLERS, *writing.HANDLERS, *reading.HANDLERS],
        state=state,
        openapi_config=None,
        logging_config=None,
        exception_handlers={XError: _on_problem, GrantError: _on_refused_grant},
    )


def _on_problem(_: Asked, error: XError) -> Response[Shown]:
    return Response(error.body, status_code=error.status, headers=error.headers)


def _on_refused_grant(_: Asked, error: GrantError) -> Response[Shown]:
    return Response({"error": error.error}, status_code=error.status)
