"""Visitors of the chat on the shop's own site: who they are, how much they may ask for, what they see."""

import secrets
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from socialai.context import App
from socialai.domain import visitor as rules
from socialai.domain.business import is_open
from socialai.domain.channel import Channel
from socialai.domain.conversation import Message
from socialai.domain.visitor import Line, Visitor
from socialai.errors import NotFound, NotSignedIn, TooManyTries
from socialai.platforms.webchat import WebChat, keys
from socialai.store import businesses, channels, conversations, visitors

_OVER = "This chat was begun elsewhere or long ago. Begin it again."
_RECENT = 100


class Talk(Struct, frozen=True):
    """What a visitor sees; `writing`: the assistant is about to answer."""

    lines: Sequence[Line]
    writing: bool
    open: bool


class Chat(NamedTuple):
    """One chat of one business."""

    tenant_id: str
    adapter: WebChat

    @property
    def channel(self) -> tuple[str, str]:
        return WebChat.kind, self.adapter.external_id


def is_staffed(app: App, chat: Chat) -> bool:
    """Whether visitors are told that somebody is there."""
    if chat.adapter.config.always_open:
        return True
    return is_open(app.files.tenant(chat.tenant_id).read(businesses.get), app.clock())


def begin(app: App, chat: Chat, address: str) -> str:
    """The key of a new visitor, the only time it is seen. TooManyTries."""
    config, now = chat.adapter.config, app.clock()
    key = keys.make(config.signing_key, chat.tenant_id, config.site)
    network = keys.network(config.signing_key, address) if address else None

    def run(db: sqlite3.Connection) -> None:
        channel = _channel(db, chat)
        everyone, of_one = visitors.count_new(db, channel.id, network, now)
        if everyone >= rules.MOST_NEW or (network and of_one >= rules.MOST_NEW_OF_ONE):
            raise TooManyTries("Too many people begin a chat just now. Try again in a few minutes.", 300)
        visitors.add(db, channel.id, secrets.token_hex(16), keys.digest(key), network, now)

    app.files.tenant(chat.tenant_id).write(run)
    return key


def admit(app: App, chat: Chat, key: str, cost: float = 1.0) -> Visitor:
    """Who they are, or NotSignedIn; each request costs something. TooManyTries."""
    if not chat.adapter.is_genuine(key, chat.tenant_id):
        raise NotSignedIn(_OVER)
    now = app.clock()

    def run(db: sqlite3.Connection) -> Visitor:
        visitor = visitors.find(db, _channel(db, chat).id, keys.digest(key), now)
        if visitor is None:
            raise NotSignedIn(_OVER)
        if (left := visitor.at(now) - cost) < 0:
            wait = round(-left / rules.A_SECOND) + 1
            raise TooManyTries("That was a lot at once. Wait a moment, then go on.", wait)
        visitors.charge(db, visitor, left, now)
        return visitor

    return app.files.tenant(chat.tenant_id).write(run)


def talk(app: App, chat: Chat, visitor: Visitor) -> Talk:
    def run(db: sqlite3.Connection) -> tuple[Sequence[Message], bool]:
        number = _conversation(db, visitor)
        writing = number is not None and _is_writing(db, visitor.channel_id, number)
        return visitors.said(db, visitor, _RECENT), writing

    found, writing = app.files.tenant(chat.tenant_id).read(run)
    return Talk([_line(each) for each in found], writing, is_staffed(app, chat))


def conversation(app: App, chat: Chat, visitor: Visitor) -> int | None:
    """None: they have said nothing yet."""
    return app.files.tenant(chat.tenant_id).read(lambda db: _conversation(db, visitor))


def _conversation(db: sqlite3.Connection, visitor: Visitor) -> int | None:
    return conversations.find_by_identity(db, visitor.channel_id, visitor.external_id)


def _is_writing(db: sqlite3.Connection, channel_id: int, conversation_id: int) -> bool:
    """Only where what it writes is sent by itself."""
    if channels.get(db, channel_id).mode != "auto":
        return False
    return conversations.get(db, conversation_id).answer_due_at is not None


def _channel(db: sqlite3.Connection, chat: Chat) -> Channel:
    found = channels.by_account(db, *chat.channel, ())
    if not found or found[0].state == "paused":
        raise NotFound("This chat is closed.")
    return found[0]


def _line(message: Message) -> Line:
    """Our own id for ours: what names it outside holds a key of ours."""
    theirs = message.author == "contact"
    by = "visitor" if theirs else "assistant" if message.author == "assistant" else "team"
    number = (message.external_id or "").partition("/")[2] if theirs else f"hub{message.id}"
    files = tuple(file.title or file.kind for file in message.attachments)
    return Line(number, by, message.text, message.sent_at, files)
