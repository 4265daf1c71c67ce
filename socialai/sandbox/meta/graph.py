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
    app_endpoints,
    asking,
    commenting,
    comments,
    control,
    deliveries,
    endpoints,
    handshake,
    messages,
    people,
    sending,
    subscriptions,
)
from socialai.sandbox.meta.commenting import Remark
from socialai.sandbox.meta.comments import Comment
from socialai.sandbox.meta.graph_errors import GraphError
from socialai.sandbox.meta.records import (
    WORLD,
    Account,
    Conversation,
    Delivery,
    Message,
    Person,
    Say,
    Watched,
    World,
)
from socialai.sandbox.meta.sender import RETRY_WAITS, Sender
from socialai.sandbox.meta.state import State
from socialai.sandbox.meta.whatsapp import chats
from socialai.sandbox.meta.whatsapp import endpoints as whatsapp
from socialai.sandbox.meta.whatsapp import people as on_whatsapp
from socialai.sandbox.meta.whatsapp.chats import Chat
from socialai.sandbox.meta.whatsapp.people import Does
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

    def connect(self, url: str, verify_token: str, watched: Watched = "page") -> None:
        """Deliver what the app watches to `url` once it passes the handshake, else SettingsError."""
        handshake.shake(url, verify_token)
        subscriptions.keep(self.state, self.world.apps[0].id, watched, url)

    def add_person(self, person: Person) -> None:
        accounts.keep_person(self.state, person)

    def say(self, psid: str, text: str | None = None, **what: Any) -> str:
        """Let a person do something (the fields of Say); the id of the message concerned."""
        return self.perform(Say(psid=psid, text=text, **what))

    def perform(self, say: Say) -> str:
        return people.perform(self.state, say)

    def reply_as_person(self, psid: str, text: str, account_id: str | None = None) -> str:
        """Somebody of the business answers in the Page inbox."""
        return sending.reply_in_inbox(self.state, self.account(account_id), psid, text)

    def comment(
        self, who: str, text: str = "", *, name: str = "", account_id: str | None = None, **what: Any
    ) -> str:
        """Let a person do something in public (the fields of Remark); the id of the comment concerned."""
        remark = Remark(text=text, **what)
        return commenting.comment(self.state, who, name or f"Guest {who[-4:]}", remark, account_id)

    def comments(self) -> list[Comment]:
        return comments.everything(self.state)

    def chat(self, who: str, text: str = "", *, name: str = "", **what: Any) -> str:
        """Let a person do something on WhatsApp (the fields of Does); the message's id. `who` is a number, or
        the user id of somebody who hides it."""
        does = Does(text=text, **what)
        return on_whatsapp.perform(self.state, self.number, who, name or f"Guest {who[-4:]}", does)

    def chats(self, who: str | None = None) -> list[Chat]:
        """What was said on WhatsApp, oldest first."""
        return chats.everything(self.state, who)

    def write_on_phone(self, who: str, text: str) -> str:
        """Somebody of the business answers in the WhatsApp Business app."""
        return on_whatsapp.write_on_phone(self.state, self.number, who, text)

    def change_number(self, who: str, name: str, new: str) -> None:
        on_whatsapp.change_number(self.state, self.number, who, name, new)

    @property
    def number(self) -> Account:
        return self.first("whatsapp_business_account")

    def first(self, watched: Watched) -> Account:
        return accounts.first_of(self.state, watched)

    def end_token(self, account: Account) -> None:
        """It is not accepted any more; signing in again gets another."""
        accounts.end_token(self.state, account.id)

    def fail(self, kind: FailureKind, **how: Any) -> None:
        """Fail (the fields of Failure): `times`, or with `probability` and `seed`; `on` which calls."""
        self.failures.add(Failure(kind=kind, **how))

    def account(self, account_id: str | None = None) -> Account:
        return accounts.account_named(self.state, account_id)

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
        [*endpoints.HANDLERS, *app_endpoints.HANDLERS, *whatsapp.HANDLERS, control.CONTROL],
        state=state,
        openapi_config=None,
        logging_config=None,
        exception_handlers={
            GraphError: asking.on_graph_error,
            HTTPException: asking.on_unknown_path,
        },
        response_headers=[
            ResponseHeader(name="X-App-Usage", value='{"call_count":1,"total_cputime":1,"total_time":1}')
        ],
    )
