"""A delivery of the older account-activity API: lists of what happened to one account."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Raw, Struct, field

from socialai.domain.happening import Cut, Deleted, Happening, Unreadable
from socialai.errors import ParseError
from socialai.platforms.reading import Id, decode, iso, moment, name, optional
from socialai.platforms.x import ignored, messages, people, tweets
from socialai.platforms.x.revoked import REVOKED
from socialai.platforms.x.snowflake import time_of


class Header(Struct, frozen=True):
    """What stands beside the lists: whose account it is, who they are, and whether it blocked them."""

    account: str
    users: dict[str, people.User]
    is_of_blocked: bool


_NOTHING = Raw(b"null")


class Status(Struct):
    id: Id


class Deletion(Struct):
    status: Status
    timestamp_ms: Id | None = None


class Source(Struct):
    user_id: Id | None = None


class Revocation(Struct):
    date_time: str
    source: Source = field(default_factory=Source)


class UserEvent(Struct):
    revoke: Revocation


Reader = Callable[[Raw, Header], Happening]


def whose(fields: Mapping[str, Raw]) -> str:
    """The account's id, '' when the delivery does not tell."""
    event = optional(fields.get("user_event", _NOTHING), UserEvent)
    revoked = event.revoke.source.user_id if event else None
    return _header(fields).account or (str(revoked) if revoked else "")


def read(fields: Mapping[str, Raw]) -> list[Happening]:
    """ParseError when nothing in it is known."""
    header = _header(fields)
    found = [
        _item(reader, raw, header, f"{title} {number}")
        for key, (title, reader) in _READERS.items()
        for number, raw in enumerate(_items(fields.get(key, _NOTHING)), 1)
    ]
    if not (found or header.account or ignored.is_known(fields)):
        raise ParseError("The delivery does not look like one of X's: it names no account and no event.")
    return [*found, *ignored.older(set(fields) - set(_READERS))] or [ignored.nothing()]


def _header(fields: Mapping[str, Raw]) -> Header:
    account = fields.get("for_user_id", _NOTHING)
    number = optional(account, int)
    users = people.mapped(fields.get("users", _NOTHING))
    blocked = bytes(fields.get("user_has_blocked", _NOTHING)).strip(b'"').lower() == b"true"
    return Header((optional(account, str) or "") if number is None else str(number), users, blocked)


def _items(raw: Raw) -> Iterable[Raw]:
    """A list of them, or one alone."""
    if bytes(raw) == b"null":
        return ()
    several = optional(raw, list[Raw])
    return [raw] if several is None else several


def _item(reader: Reader, raw: Raw, header: Header, where: str) -> Happening:
    try:
        return reader(raw, header)
    except ParseError as error:
        return Unreadable(reason=f"{where}: {error}")


def _tweet(raw: Raw, header: Header) -> Happening:
    return ignored.blocked() if header.is_of_blocked else tweets.read(raw, name(header.account))


def _deletion(raw: Raw, header: Header) -> Happening:
    deletion = decode(raw, Deletion)
    number = name(deletion.status.id)
    told = deletion.timestamp_ms
    at = moment(told) if told is not None else time_of(number)
    return Deleted(channel=name(header.account), at=at, external_id=number)


def _message(raw: Raw, header: Header) -> Happening:
    return messages.read(raw, header.account, header.users)


def _mark(raw: Raw, header: Header) -> Happening:
    return messages.read_mark(raw, name(header.account))


def _user_event(raw: Raw, _header: Header) -> Happening:
    revoke = decode(raw, UserEvent).revoke
    return Cut(channel=name(revoke.source.user_id), at=iso(revoke.date_time), reason=REVOKED)


_READERS: Mapping[str, tuple[str, Reader]] = {
    "tweet_create_events": ("Post", _tweet),
    "tweet_delete_events": ("Deletion", _deletion),
    "direct_message_events": ("Message", _message),
    "direct_message_mark_read_events": ("Read mark", _mark),
    "user_event": ("User event", _user_event),
}
