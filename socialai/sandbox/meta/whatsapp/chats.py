"""What was said on WhatsApp, and what becomes of it."""

import secrets
from base64 import b64encode
from typing import Any, Literal

import msgspec
from msgspec import Struct

from socialai.sandbox.meta.state import State

Author = Literal["person", "app", "phone"]
"""Who wrote: the person, an app through the API, or the shop in the WhatsApp Business app."""
Status = Literal["sent", "delivered", "read", "failed"]


class Chat(Struct, frozen=True):
    """`content` as the API has it, with its `type`; `who` is a number or a user id; `key` what the app wrote
    beside it."""

    id: str
    account_id: str
    who: str
    author: Author
    at: int
    content: dict[str, Any]
    key: str | None = None
    status: Status | None = None
    seq: int = 0

    @property
    def text(self) -> str:
        return str(self.content.get("text", {}).get("body", ""))


def new_id(who: str) -> str:
    return "wamid." + b64encode(f"{who}:".encode() + secrets.token_bytes(12)).decode()


def keep(state: State, chat: Chat) -> None:
    with state.writing() as db:
        db.execute(
            """
            insert into chat (id, account_id, who, author, at, content, key, status)
            values (:id, :account_id, :who, :author, :at, :content, :key, :status)
            """,
            {**msgspec.to_builtins(chat), "content": msgspec.json.encode(chat.content).decode()},
        )


def mark(state: State, chat: Chat, status: Status) -> None:
    with state.writing() as db:
        db.execute("update chat set status = ? where id = ?", (status, chat.id))


def find(state: State, account_id: str, chat_id: str) -> Chat | None:
    found = _select(state, "account_id = ? and id = ?", account_id, chat_id)
    return found[0] if found else None


def last(state: State, account_id: str, who: str, *, by_person: bool) -> Chat | None:
    found = _select(
        state, "account_id = ? and who = ? and (author = 'person') = ?", account_id, who, by_person
    )
    return found[-1] if found else None


def since(state: State, account_id: str, who: str, at: int) -> int:
    """How many the app wrote to somebody since then."""
    return len(
        _select(state, "account_id = ? and who = ? and author = 'app' and at > ?", account_id, who, at)
    )


def everything(state: State, who: str | None = None) -> list[Chat]:
    return _select(state, "? is null or who = ?", who, who)


def _select(state: State, where: str, *values: object) -> list[Chat]:
    rows = state.rows(f"select * from chat where {where} order by seq", *values)
    return [
        msgspec.convert({**dict(row), "content": msgspec.json.decode(row["content"])}, Chat) for row in rows
    ]
