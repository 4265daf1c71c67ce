"""What happened since a moment, read from the Page itself: each piece in the shape of its webhook.

Source: Graph API reference, Page conversations and published posts; shared contract sheet, Poll. The cursor
is the time until which everything was read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, field

from socialai.platforms.base import Polled
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Author, Paging
from socialai.platforms.meta.wire import Id

_OVERLAP = timedelta(minutes=2)
"""Facebook shows a message some seconds after it was said: a little is read again."""
_SAID = "id,message,from,created_time"
_PAGES = 10


class Said(Struct):
    id: str
    created_time: str
    message: str | None = None
    author: Author | None = field(name="from", default=None)
    parent: Author | None = None
    attachment: Any = None


class SaidList(Struct, frozen=True):
    data: list[Said] = []


class Party(Struct):
    id: Id


class Parties(Struct, frozen=True):
    data: list[Party] = []


class Conversation(Struct):
    updated_time: str
    participants: Parties = Parties()
    messages: SaidList = SaidList()


class Post(Struct):
    id: str
    comments: SaidList = SaidList()


class Conversations(Struct):
    data: list[Conversation]
    paging: Paging | None = None


class Posts(Struct):
    data: list[Post]
    paging: Paging | None = None


def since(graph: Graph, page_id: str, cursor: str | None, now: datetime) -> Polled:
    """None: everything from now on. DeliveryError."""
    until = now.astimezone(UTC).isoformat()
    if cursor is None:
        return Polled((), until)
    start = datetime.fromisoformat(cursor) - _OVERLAP
    found = [*_messages(graph, page_id, start), *_comments(graph, page_id, start)]
    return Polled([body for _, body in sorted(found)], until)


def _messages(graph: Graph, page_id: str, start: datetime) -> Iterator[tuple[datetime, bytes]]:
    fields = f"updated_time,participants,messages.limit(25){{{_SAID}}}"
    query = {"platform": "messenger", "fields": fields, "limit": "25"}
    for _ in range(_PAGES):
        page = graph.read(f"{page_id}/conversations", query, Conversations)
        for conversation in page.data:
            if datetime.fromisoformat(conversation.updated_time) < start:
                return
            yield from _of_conversation(conversation, page_id, start)
        if not (after := _after(page.paging)):
            return
        query = {**query, "after": after}


def _of_conversation(
    conversation: Conversation, page_id: str, start: datetime
) -> Iterator[tuple[datetime, bytes]]:
    others = [party.id for party in conversation.participants.data if str(party.id) != page_id]
    for said in conversation.messages.data:
        at = datetime.fromisoformat(said.created_time)
        if at < start or not others:
            continue
        own = said.author is not None and str(said.author.id) == page_id
        ends = (page_id, others[0]) if own else (others[0], page_id)
        message = {"mid": said.id, "text": said.message or "", "is_echo": own}
        item = {
            "sender": {"id": ends[0]},
            "recipient": {"id": ends[1]},
            "timestamp": round(at.timestamp() * 1000),
            "message": message,
        }
        yield at, _body(page_id, at, {"messaging": [item]})


def _comments(graph: Graph, page_id: str, start: datetime) -> Iterator[tuple[datetime, bytes]]:
    comments = f"comments.filter(stream).order(reverse_chronological).limit(50){{{_SAID},parent{{id}}}}"
    posts = graph.read(f"{page_id}/published_posts", {"fields": f"id,{comments}", "limit": "25"}, Posts)
    for post in posts.data:
        for said in post.comments.data:
            at = datetime.fromisoformat(said.created_time)
            if at >= start and said.author is not None:
                yield at, _body(page_id, at, {"changes": [_change(post.id, said, at)]})


def _change(post_id: str, said: Said, at: datetime) -> dict[str, Any]:
    author = msgspec.to_builtins(said.author)
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": said.id,
        "post_id": post_id,
        "parent_id": said.parent.id if said.parent else post_id,
        "from": author,
        "created_time": round(at.timestamp()),
        "message": said.message or "",
    }
    return {"field": "feed", "value": value}


def _body(page_id: str, at: datetime, content: dict[str, Any]) -> bytes:
    entry = {"id": page_id, "time": round(at.timestamp()), **content}
    return msgspec.json.encode({"object": "page", "entry": [entry]})


def _after(paging: Paging | None) -> str | None:
    """Not the address in `next`: that one carries the token in the open."""
    return paging.cursors.after if paging and paging.next and paging.cursors else None
