"""One event of the Activity API: an envelope with what it is about."""

from collections.abc import Callable, Mapping

from msgspec import Raw, Struct

from socialai.domain.happening import Cut, Deleted, Happening, Unreadable
from socialai.errors import ParseError
from socialai.platforms.reading import Id, decode, iso, name, optional
from socialai.platforms.x import chats, ignored, messages, people, posts
from socialai.platforms.x.revoked import REVOKED
from socialai.platforms.x.snowflake import time_of


class Filter(Struct, frozen=True):
    user_id: Id | None = None


class Event(Struct):
    """`filter` names the account, except in what happens to an app."""

    event_type: str
    filter: Filter | None = None
    payload: Raw = Raw(b"null")
    includes: Raw = Raw(b"null")

    @property
    def account(self) -> str:
        return "" if self.filter is None or self.filter.user_id is None else str(self.filter.user_id)


class Private(Struct):
    direct_message_events: list[Raw] | None = None
    direct_message_mark_read_events: list[Raw] | None = None
    users: Raw = Raw(b"null")


class DeletedPost(Struct):
    id: Id


class Revoked(Struct):
    date_time: str
    user_id: Id | None = None


def whose(raw: Raw) -> str:
    """The account's id, '' when the event does not tell."""
    event = decode(raw, Event)
    revoked = optional(event.payload, Revoked)
    return event.account or (str(revoked.user_id) if revoked and revoked.user_id else "")


def read(raw: Raw) -> list[Happening]:
    """ParseError when it is no event, or cannot be read."""
    try:
        event = decode(raw, Event)
    except ParseError as error:
        raise ParseError(f"The delivery does not look like one of X's: {error}.") from None
    reader = _READERS.get(event.event_type)
    return reader(event) if reader else [ignored.event(event.event_type)]


def _post(event: Event) -> list[Happening]:
    around = posts.Around.of(event.includes)
    is_mention = event.event_type == "post.mention.create"
    return [posts.read(event.payload, name(event.account), around, is_mention=is_mention)]


def _deleted(event: Event) -> list[Happening]:
    """X does not tell when: not before it was posted. Nor whose it was, where we never kept it."""
    post = decode(event.payload, DeletedPost)
    number = name(post.id)
    return [Deleted(channel=name(event.account), at=time_of(number), external_id=number)]


def _private(event: Event) -> list[Happening]:
    payload = decode(event.payload, Private)
    users = people.mapped(payload.users)
    return [
        _one(messages.read, raw, event.account, users, f"Message {number}")
        for number, raw in enumerate(payload.direct_message_events or (), 1)
    ] or [ignored.event(event.event_type)]


def _one(
    read: Callable[[Raw, str, dict[str, people.User]], Happening],
    raw: Raw,
    account: str,
    users: dict[str, people.User],
    where: str,
) -> Happening:
    try:
        return read(raw, account, users)
    except ParseError as error:
        return Unreadable(reason=f"{where}: {error}")


def _read_mark(event: Event) -> list[Happening]:
    """Nobody has shown one of these: as a list, as in the older API, or alone."""
    payload = optional(event.payload, Private) or Private()
    marks = payload.direct_message_mark_read_events or [event.payload]
    try:
        return [messages.read_mark(mark, name(event.account)) for mark in marks]
    except ParseError:
        return [ignored.event(event.event_type)]


def _chat(event: Event) -> list[Happening]:
    return [chats.read(event.payload, name(event.account))]


def _revoked(event: Event) -> list[Happening]:
    revoked = decode(event.payload, Revoked)
    return [Cut(channel=name(revoked.user_id), at=iso(revoked.date_time), reason=REVOKED)]


_READERS: Mapping[str, Callable[[Event], list[Happening]]] = {
    "post.create": _post,
    "post.mention.create": _post,
    "post.reply.create": _post,
    "post.delete": _deleted,
    "dm.received": _private,
    "dm.sent": _private,
    "dm.read": _read_mark,
    "chat.received": _chat,
    "chat.sent": _chat,
    "oauth.revoke": _revoked,
}
