"""A stand-in of the Facebook Graph API over real HTTP on loopback, for the demo and for tests."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from litestar import Litestar
from litestar.datastructures import ResponseHeader
from litestar.datastructures import State as AppState
from litestar.exceptions import HTTPException

from socialai.sandbox.failures import Failure, FailureKind, Failures
from socialai.sandbox.meta import (
    accounts,
    control,
    deliveries,
    endpoints,
    handshake,
    messages,
    people,
    sending,
)
from socialai.sandbox.meta.graph_errors import GraphError
from socialai.sandbox.meta.records import WORLD, Conversation, Delivery, Message, Page, Person, Say, World
from socialai.sandbox.meta.sender import RETRY_WAITS, Sender
from socialai.sandbox.meta.state import State
from socialai.sandbox.server import Server


def utc_now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """Start it, `connect` the hub's webhook, let people `say` things, look at `conversations`.

    `database`: a file to keep everything in, so that another process can read it and a later sandbox go on.
    `clock` decides times and windows; `retry_waits` are real seconds.
    """

    def __init__(
        self,
        world: World = WORLD,
        *,
        database: Path | None = None,
        clock: Callable[[], datetime] = utc_now,
        port: int = 0,
        retry_waits: Sequence[float] = RETRY_WAITS,
        hold_for: float = 30.0,
    ) -> None:
        self.world = world
        self.base_url = ""
        self.failures = Failures()
        self.state = State(world, database, clock)
        self._sender = Sender(self.state, retry_waits)
        state = AppState({"sandbox": self.state, "failures": self.failures})
        self._server = Server(_app(state), port, hold_for)
        state["wire"] = self._server

    def start(self) -> str:
        """Serve and deliver; the base URL (the version goes behind it)."""
        self.base_url = self._server.start()
        self._sender.start()
        return self.base_url

    def stop(self) -> None:
        self._sender.stop()
        self._server.stop()
        self.state.close()

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def connect(self, url: str, verify_token: str, app_id: str | None = None) -> None:
        """Deliver the app's webhooks to `url` once it passes the handshake, else SettingsError."""
        handshake.connect(self.state, app_id or self.world.apps[0].id, url, verify_token)

    def add_person(self, person: Person) -> None:
        accounts.keep_person(self.state, person)

    def say(self, psid: str, text: str | None = None, **what: Any) -> str:
        """Let a person do something (the fields of Say); the id of the message concerned."""
        return self.perform(Say(psid=psid, text=text, **what))

    def perform(self, say: Say) -> str:
        return people.perform(self.state, say)

    def reply_as_person(self, psid: str, text: str, page_id: str | None = None) -> str:
        """Somebody of the business answers in the Page inbox."""
        return sending.reply_in_inbox(self.state, self.page(page_id), psid, text)

    def fail(self, kind: FailureKind, **how: Any) -> None:
        """Fail (the fields of Failure): `times`, or with `probability` and `seed`; `on` which calls."""
        self.failures.add(Failure(kind=kind, **how))

    def page(self, page_id: str | None = None) -> Page:
        return control.page_named(self.state, page_id)

    def conversations(self) -> list[Conversation]:
        return messages.conversations(self.state)

    def sent(self, psid: str | None = None) -> list[Message]:
        """What apps sent through the API, oldest first."""
        found = [message for each in self.conversations() for message in each.messages]
        sent = [each for each in found if each.author == "app" and psid in (None, each.psid)]
        return sorted(sent, key=lambda message: message.seq)

    def duplicates(self) -> dict[str, int]:
        """How often each `metadata` arrived, where that is more than once."""
        return messages.duplicates(self.state)

    def pending(self) -> list[Delivery]:
        return deliveries.pending(self.state)

    def deliveries(self) -> list[Delivery]:
        return deliveries.everything(self.state)

    def redeliver(self, count: int = 1) -> None:
        """Deliver the last accepted webhooks once more, byte by byte the same."""
        deliveries.owe_again(self.state, count)

    def retry_now(self) -> None:
        self._sender.retry_now()

    def idle(self, timeout: float) -> bool:
        """Whether the hub accepted every webhook within `timeout` seconds."""
        return self.wait_until(lambda: not self.pending(), timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Whether `condition`, asked again after every change here, came true within `timeout` seconds."""
        return self.state.wait_until(condition, timeout)


def _app(state: AppState) -> Litestar:
    return Litestar(
        [*endpoints.HANDLERS, control.CONTROL],
        state=state,
        openapi_config=None,
        logging_config=None,
        exception_handlers={
            GraphError: endpoints.on_graph_error,
            HTTPException: endpoints.on_unknown_path,
        },
        response_headers=[
            ResponseHeader(name="X-App-Usage", value='{"call_count":1,"total_cputime":1,"total_time":1}')
        ],
    )
