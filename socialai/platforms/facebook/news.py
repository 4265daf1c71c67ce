"""What happened since a moment, read from the Page itself: each piece in the shape of its webhook.

Source: Graph API reference, published posts; shared contract sheet, Poll. The cursor is the time until which
everything was read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, field

from socialai.platforms.base import Polled
from socialai.platforms.meta import talks
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Author, Inbox
from socialai.platforms.meta.talks import News

_OVERLAP = timedelta(minutes=2)
"""Facebook shows a message some seconds after it was said: a little is read again."""
_SAID = "id,message,from,created_time,parent{id}"


class Said(Struct):
    id: str
    created_time: str
    message: str | None = None
    author: Author | None = field(name="from", default=None)
    parent: Author | None = None


class SaidList(Struct, frozen=True):
    data: list[Said] = []


class Post(Struct):
    id: str
    comments: SaidList = SaidList()


class Posts(Struct):
    data: list[Post]


def since(graph: Graph, page_id: str, cursor: str | None, now: datetime) -> Polled:
    """None: everything from now on. DeliveryError."""
    until = now.astimezone(UTC).isoformat()
    if cursor is None:
        return Polled((), until)
    start = datetime.fromisoformat(cursor) - _OVERLAP
    found = [*talks.since(graph, Inbox(page_id, page_id), start), *_comments(graph, page_id, start)]
    return Polled([body for _, body in sorted(found)], until)


def _comments(graph: Graph, page_id: str, start: datetime) -> Iterator[News]:
    comments = f"comments.filter(stream).order(reverse_chronological).limit(50){{{_SAID}}}"
    posts = graph.read(f"{page_id}/published_posts", {"fields": f"id,{comments}", "limit": "25"}, Posts)
    for post in posts.data:
        for said in post.comments.data:
            at = datetime.fromisoformat(said.created_time)
            if at >= start and said.author is not None:
                yield at, talks.event("page", page_id, at, {"changes": [_change(post.id, said, at)]})


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
