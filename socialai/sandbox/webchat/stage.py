"""The part of the demo on the shop's own site: its page with the chat, and visitors who write there."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from socialai.errors import InvalidInput
from socialai.sandbox.northwind import shop
from socialai.sandbox.northwind.shop import Story
from socialai.sandbox.server import Server
from socialai.sandbox.stage import Account, Hub, Stage
from socialai.sandbox.traffic import Cue, told
from socialai.sandbox.webchat.shop_site import site
from socialai.sandbox.webchat.visitor import Visitor

CHAT = "0123456789abcdef"


class Typed(Struct, frozen=True, kw_only=True):
    """What a visitor writes; `email`: they leave it, and agree to be answered there."""

    after: float
    text: str
    email: str = ""
    note: str = ""
    """Sent along as a text file."""


class WebChatStage(Stage):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        made, self._state = site(CHAT)
        self._server = Server(made)
        self._visitors: dict[str, Visitor] = {}

    def __enter__(self) -> Self:
        self.site = self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for visitor in self._visitors.values():
            visitor.close()
        self._server.stop()

    def accounts(self) -> Sequence[Account]:
        values = {
            "origins": self.site,
            "site": CHAT,
            "title": "Northwind Outfitters",
            "colour": "#24453a",
            "always_open": True,
            "asks": True,
        }
        return [Account("webchat", "northwind.example", values)]

    def connect(self, hub: Hub) -> None:
        self._state["hub"] = hub

    def cues(self, number: int) -> Iterator[Cue]:
        return told(shop.stories("webchat", Typed), number, self.write)

    def write(self, story: Story[Typed], step: Typed) -> None:
        hub: Hub | None = self._state["hub"]
        if hub is None:
            raise InvalidInput("There is no hub yet that the chat belongs to.")
        if story.who not in self._visitors:
            about = {"name": story.name, "email": step.email, "locale": story.locale}
            self._visitors[story.who] = Visitor(hub.address, f"{hub.tenant}/{CHAT}", **about)
        file = ("note.txt", step.note.encode()) if step.note else None
        self._visitors[story.who].say(step.text, f"{self.site}/", file)
