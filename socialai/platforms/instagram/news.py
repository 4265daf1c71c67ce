"""What happened since a moment, read from the account itself: each piece in the shape of its webhook.

Source: Instagram Platform reference, IG User media, IG Media comments and IG Comment replies; shared contract
sheet, Poll. The cursor is the time until which everything was read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct, field

from socialai.platforms.base import Polled
from socialai.platforms.meta import talks
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Inbox
from socialai.platforms.meta.talks import News
from socialai.platforms.reading import Id

_OVERLAP = timedelta(minutes=2)
_COMMENT = "id,text,username,from,timestamp,parent_id"
_MOST = 50


class Person(Struct, omit_defaults=True):
    id: Id | None = None
    username: str | None = None


class Comment(Struct):
    id: Id
    timestamp: str
    text: str | None = None
    username: str | None = None
    person: Person | None = field(name="from", default=None)
    parent_id: Id | None = None
    replies: "Comments | None" = None


class Comments(Struct, frozen=True):
    data: list[Comment] = []


class Media(Struct):
    id: Id
    caption: str | None = None
    permalink: str | None = None
    comments: Comments = Comments()


class MediaList(Struct):
    data: list[Media]


def since(graph: Graph, account: str, inbox: Inbox, cursor: str | None, now: datetime) -> Polled:
    """None: everything from now on. DeliveryError."""
    until = now.astimezone(UTC).isoformat()
    if cursor is None:
        return Polled((), until)
    start = datetime.fromisoformat(cursor) - _OVERLAP
    found = [*talks.since(graph, inbox, start), *_comments(graph, account, start)]
    return Polled([body for _, body in sorted(found)], until)


def _comments(graph: Graph, account: str, start: datetime) -> Iterator[News]:
    comments = f"comments.limit({_MOST}){{{_COMMENT},replies.limit({_MOST}){{{_COMMENT}}}}}"
    query = {"fields": f"id,caption,permalink,{comments}", "limit": "25"}
    for media in graph.read(f"{account}/media", query, MediaList).data:
        for comment in media.comments.data:
            yield from _one(account, media, comment, None, start)
            for reply in (comment.replies or Comments()).data:
                yield from _one(account, media, reply, comment.id, start)


def _one(account: str, media: Media, comment: Comment, parent: Id | None, start: datetime) -> Iterator[News]:
    at = datetime.fromisoformat(comment.timestamp)
    if at >= start:
        yield at, talks.event("instagram", account, at, {"changes": [_change(media, comment, parent)]})


def _change(media: Media, comment: Comment, parent: Id | None) -> dict[str, Any]:
    person = comment.person or Person()
    value: dict[str, Any] = {
        "id": comment.id,
        "text": comment.text or "",
        "from": {"id": person.id, "username": person.username or comment.username},
        "media": {"id": media.id, "caption": media.caption, "permalink": media.permalink},
        "timestamp": comment.timestamp,
    }
    found = comment.parent_id if comment.parent_id is not None else parent
    return {"field": "comments", "value": {**value, **({} if found is None else {"parent_id": found})}}
