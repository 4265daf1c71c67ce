"""What the stand-in of Telegram knows and keeps."""

from typing import Any, Literal

from msgspec import Struct

ChatType = Literal["private", "group", "supergroup"]


class Bot(Struct, frozen=True):
    """`privacy`: in groups it sees only what is said to it."""

    token: str
    username: str
    name: str
    privacy: bool = True

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])


class Person(Struct, frozen=True):
    id: int
    name: str
    username: str | None = None
    locale: str = "en"


class Group(Struct):
    id: int
    title: str
    type: ChatType = "group"
    moved_to: int | None = None


class Message(Struct):
    """`by` is the person, or the bot, who wrote it; `connection` the business account whose chat it is in."""

    id: int
    chat: int
    by: int
    at: int
    content: dict[str, Any]
    reply_to: int | None = None
    connection: str | None = None
    edited_at: int | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        return str(self.content.get("text") or self.content.get("caption") or "")


class File(Struct, frozen=True):
    id: str
    path: str
    content: bytes


class Webhook(Struct):
    url: str = ""
    secret: str = ""
    allowed: tuple[str, ...] = ()
    error: str = ""
    error_at: int = 0


class Action(Struct, frozen=True):
    """What a bot showed: that it types, or that it saw a button pressed."""

    kind: Literal["typing", "acknowledged"]
    where: str


BOT = Bot(token="7301122334:sandbox-token-of-the-northwind-bot", username="northwind_bot", name="Northwind")
"""The demo's."""
