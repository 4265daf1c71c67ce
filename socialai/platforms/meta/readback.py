"""Read a conversation back to see whether a message of ours arrived.

Source: Graph API reference, conversations and Conversation messages (newest first, cursor paging;
`from` and `message` are told only for the newest 20 or so, which the reference calls a limit of the API).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.parse import quote

from msgspec import Struct, field

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.meta.graph import Graph
from socialai.platforms.reading import Id

SKEW = timedelta(minutes=10)
"""How far a shop's clock may be ahead of Meta's: what seems too old to be ours would be sent twice."""
_PAGES = 20
_FIELDS = "id,message,from,created_time"


class Author(Struct, omit_defaults=True):
    id: Id
    name: str | None = None


class Sent(Struct):
    id: str
    message: str | None = None
    author: Author | None = field(name="from", default=None)
    created_time: str | None = None


class Cursors(Struct):
    after: str | None = None


class Paging(Struct):
    cursors: Cursors | None = None
    next: str | None = None


class Messages(Struct):
    data: list[Sent]
    paging: Paging | None = None


class Conversation(Struct):
    id: str
    messages: Messages | None = None


class Conversations(Struct):
    data: list[Conversation]


class Inbox(Struct, frozen=True):
    """The conversations of `node`, in which the account is the author `author`; so many messages of one are
    told at once."""

    node: str
    author: str
    platform: str = "messenger"
    limit: int = 25


def find_sent(graph: Graph, inbox: Inbox, outgoing: Outgoing, since: datetime) -> str | None:
    """The id of the first message of the account with this text since then; None when surely there is
    none."""
    earliest = since - SKEW
    found = None
    for sent in _back_to(graph, inbox, outgoing.contact, earliest):
        if sent.id in outgoing.known:
            continue
        if _author(sent) == inbox.author and same(sent.message, outgoing.text):
            found = sent.id
    return found


def _back_to(graph: Graph, inbox: Inbox, contact: str, earliest: datetime) -> Iterator[Sent]:
    """Messages newest first until one is older; DeliveryError when the conversation is not read so far."""
    for page in _pages(graph, inbox, contact):
        for sent in page.data:
            if _time(sent) < earliest:
                return
            yield sent
        if not (page.paging and page.paging.next):
            return
    _cannot_tell("the conversation is too long")


def _pages(graph: Graph, inbox: Inbox, contact: str) -> Iterator[Messages]:
    conversation = _conversation(graph, inbox, contact)
    page = conversation.messages or _cannot_tell("it holds no messages")
    for _ in range(_PAGES):
        yield page
        query = {"fields": _FIELDS, "limit": str(inbox.limit), "after": _after(page)}
        page = graph.read(f"{quote(conversation.id, safe='')}/messages", query, Messages)


def _conversation(graph: Graph, inbox: Inbox, contact: str) -> Conversation:
    """The contact wrote to us, so there is one: an empty answer, which a wrong token gets, proves nothing."""
    messages = f"messages.limit({inbox.limit}){{{_FIELDS}}}"
    query = {"platform": inbox.platform, "user_id": contact, "fields": messages}
    found = graph.read(f"{inbox.node}/conversations", query, Conversations).data
    return found[0] if len(found) == 1 else _cannot_tell(f"{len(found)} conversations were found")


def _after(page: Messages) -> str:
    """Not the address in `next`: that one carries the token in the open."""
    cursors = page.paging and page.paging.cursors
    return (cursors and cursors.after) or _cannot_tell("the next page is not named")


def _time(sent: Sent) -> datetime:
    try:
        at = datetime.fromisoformat(sent.created_time or "")
    except ValueError:
        _cannot_tell("a time is missing")
    return at if at.tzinfo else _cannot_tell("a time has no zone")


def _author(sent: Sent) -> str:
    return str(sent.author.id) if sent.author else _cannot_tell("an author is missing")


def same(one: str | None, other: str) -> bool:
    """Meta trims a text and may change its line ends."""
    return one is not None and one.split() == other.split()


def _cannot_tell(why: str) -> NoReturn:
    message = f"The conversation could not be read back: {why}."
    raise DeliveryError("retry", message, code="read_back")
