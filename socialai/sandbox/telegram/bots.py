"""A stand-in of Telegram's Bot API over real HTTP on loopback, for the demo and for tests."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from litestar import Litestar
from litestar.datastructures import State as AppState
from litestar.exceptions import HTTPException

from socialai.sandbox.failures import Failure, FailureKind, Failures
from socialai.sandbox.server import Server
from socialai.sandbox.telegram import endpoints, methods, people
from socialai.sandbox.telegram.methods import ApiError
from socialai.sandbox.telegram.people import Act
from socialai.sandbox.telegram.records import BOT, Action, Bot, Message, Person
from socialai.sandbox.telegram.sender import RETRY_WAITS, Sender
from socialai.sandbox.telegram.state import State


def utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramSandbox:
    """Start it, let people `say` things; the hub asks for them, or `connect` its webhook."""

    def __init__(
        self,
        bot: Bot = BOT,
        *,
        clock: Callable[[], datetime] = utc_now,
        port: int = 0,
        retry_waits: Sequence[float] = RETRY_WAITS,
        hold_for: float = 30.0,
    ) -> None:
        self.bot = bot
        self.base_url = ""
        self.failures = Failures()
        self.state = State((bot,), clock)
        self._sender = Sender(self.state, retry_waits)
        state = AppState({"sandbox": self.state, "failures": self.failures})
        self._server = Server(_app(state), port, hold_for)
        state["wire"] = self._server

    def start(self) -> str:
        self.base_url = self._server.start()
        self._sender.start()
        return self.base_url

    def stop(self) -> None:
        """Whoever waits for updates is sent away."""
        with self.state.changing():
            self.state.polling[self.bot.id] = -1
        self._sender.stop()
        self._server.stop()

    def __enter__(self) -> "TelegramSandbox":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def connect(self, url: str, secret: str) -> None:
        """As the hub itself would."""
        methods.set_webhook(self.state, self.bot, {"url": url, "secret_token": secret})

    def say(self, who: int, text: str = "", **what: Any) -> int:
        """Let a person do something (the fields of Act); the number of the message concerned."""
        return people.perform(self.state, self.bot, Act(who=who, text=text, **what))

    def connect_business(self, connection: str, owner: Person) -> None:
        people.connect_business(self.state, self.bot, connection, owner)

    def reply_as_person(self, who: int, text: str, connection: str) -> int:
        """The owner of the business account answers in Telegram."""
        return people.write_as_owner(self.state, self.bot, connection, who, text)

    def delete(self, who: int, number: int, connection: str) -> None:
        people.delete_in_business(self.state, self.bot, connection, who, number)

    def upgrade(self, group: int, new: int) -> None:
        people.upgrade(self.state, self.bot, group, new)

    def remove_bot(self, group: int) -> None:
        people.remove_bot(self.state, self.bot, group)

    def fail(self, kind: FailureKind, **how: Any) -> None:
        """Fail (the fields of Failure): `times`, or with `probability` and `seed`; `on` which calls."""
        self.failures.add(Failure(kind=kind, **how))

    def sent(self, chat: int | None = None) -> list[Message]:
        """What the bot said, oldest first."""
        with self.state.changed:
            said = [each for each in self.state.messages if each.by == self.bot.id]
        return [each for each in said if chat in (None, each.chat)]

    @property
    def actions(self) -> list[Action]:
        return list(self.state.actions)

    def waiting(self) -> int:
        """Updates that the hub has not taken."""
        return len(self.state.updates[self.bot.id])

    def idle(self, timeout: float) -> bool:
        """Whether the hub took every update within `timeout` seconds."""
        return self.wait_until(lambda: not self.waiting(), timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Whether `condition`, asked again after every change here, came true within `timeout` seconds."""
        return self.state.wait_until(condition, timeout)


def _app(state: AppState) -> Litestar:
    return Litestar(
        list(endpoints.HANDLERS),
        state=state,
        openapi_config=None,
        logging_config=None,
        exception_handlers={ApiError: endpoints.on_api_error, HTTPException: endpoints.on_unknown_path},
    )
