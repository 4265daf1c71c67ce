"""What happened since a moment, asked of X page by page; each piece in the shape of its webhook.

X is paid for by what is read, so nothing is read twice but the last minutes, which X charges once a day.
Source:
shared contract sheet; X's OpenAPI, getDirectMessagesEvents, getUsersMentions, getUsersPosts.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct

from socialai.errors import ParseError
from socialai.platforms.base import Polled
from socialai.platforms.calls import Calls
from socialai.platforms.reading import Id, iso
from socialai.platforms.x import media
from socialai.platforms.x.posts import Post
from socialai.platforms.x.readback import DM_FIELDS, POST_FIELDS, DmEvent, Meta, links
from socialai.platforms.x.snowflake import first_of, time_of

PRICE = "X charges about $0.01 for each private message that is read and $0.001 for each post."
_MESSAGE, _POST, _PICTURE = 0.010, 0.001, 0.005
_OVERLAP = timedelta(minutes=2)
"""X shows things some seconds after they were said."""
_MEDIA = "media_key,type,url,preview_image_url,variants"


class Track(Struct):
    """What is read of one list: everything after `since`. With `page` its newer part, up to `newest`, was."""

    since: str
    newest: str = ""
    page: str = ""


class Cursor(Struct):
    messages: Track
    mentions: Track
    posts: Track


class Item(Struct):
    id: Id


class Includes(Struct, frozen=True):
    media: list[Raw] | None = None


class Page(Struct):
    """`data` newest first; msgspec.Raw keeps each as it came."""

    data: list[Raw] = []
    includes: Includes = Includes()
    meta: Meta = Meta()


Wrap = Callable[[Page], Iterator[tuple[int, bytes]]]


def since(calls: Calls, account: str, cursor: str | None, now: datetime) -> Polled:
    """None: everything from now on, which costs nothing to know. DeliveryError."""
    start = first_of(now)
    if cursor is None:
        return Polled((), _written(Cursor(Track(start), Track(start), Track(start))))
    at = msgspec.json.decode(cursor, type=Cursor)
    safe = int(first_of(now - _OVERLAP))
    messages = calls.read("2/dm_events", _of_messages(at.messages), Page)
    mentions = calls.read(f"2/users/{account}/mentions", _of_posts(at.mentions), Page)
    posts = calls.read(f"2/users/{account}/tweets", _of_posts(at.posts), Page)
    found = [
        *_said_in_private(messages, account, int(at.messages.since)),
        *_said_in_public(mentions, account, "post.mention.create"),
        *_answered(posts, account),
    ]
    then = Cursor(
        messages=_next(at.messages, messages, safe),
        mentions=_next(at.mentions, mentions, safe),
        posts=_next(at.posts, posts, safe),
    )
    more = any(track.page for track in (then.messages, then.mentions, then.posts))
    bodies = [body for _, body in sorted(found)]
    return Polled(bodies, _written(then), more=more, cost=_cost(messages, mentions, posts))


def _written(cursor: Cursor) -> str:
    return msgspec.json.encode(cursor).decode()


def _next(track: Track, page: Page, safe: int) -> Track:
    """On to the older part of what is new, or past all of it."""
    ids = [int(number) for number in _ids(page.data)]
    newest = str(max([*ids, int(track.newest or 0), int(track.since)]))
    if page.meta.next_token and ids and min(ids) > int(track.since):
        return Track(track.since, newest, page.meta.next_token)
    return Track(str(max(int(track.since), min(int(newest), safe))))


def _ids(items: Sequence[Raw]) -> list[Id]:
    return [msgspec.json.decode(raw, type=Item).id for raw in items]


def _of_messages(track: Track) -> dict[str, str]:
    query = {
        "max_results": "100",
        "event_types": "MessageCreate",
        "dm_event.fields": DM_FIELDS,
        "expansions": "attachments.media_keys",
        "media.fields": _MEDIA,
    }
    return {**query, "pagination_token": track.page} if track.page else query


def _of_posts(track: Track) -> dict[str, str]:
    query = {
        "max_results": "100",
        "since_id": track.since,
        "tweet.fields": POST_FIELDS,
        "expansions": "attachments.media_keys",
        "media.fields": _MEDIA,
    }
    return {**query, "pagination_token": track.page} if track.page else query


def _said_in_private(page: Page, account: str, since: int) -> Iterator[tuple[int, bytes]]:
    known = media.known(page.includes.media)
    for raw in page.data:
        event = msgspec.json.decode(raw, type=DmEvent)
        if int(event.id) > since and (body := _message(event, account, known)):
            yield int(event.id), body


def _message(event: DmEvent, account: str, known: dict[str, media.Media]) -> bytes | None:
    """A conversation of two is named by both; one of several cannot be answered, and is not read."""
    parties = (event.dm_conversation_id or "").split("-")
    sender = str(event.sender_id or "")
    if len(parties) != 2 or sender not in parties or account not in parties:
        return None
    recipient = parties[0] if sender == parties[1] else parties[1]
    pictures = media.of_post(event.attachments, known)
    data: dict[str, Any] = {
        "text": event.text or "",
        "entities": {"urls": [msgspec.to_builtins(link) for link in links(event)]},
    }
    if pictures:
        data["attachment"] = {"type": "media", "media": msgspec.to_builtins(pictures[0])}
    created = {"target": {"recipient_id": recipient}, "sender_id": sender, "message_data": data}
    said = {
        "type": "message_create",
        "id": str(event.id),
        "created_timestamp": str(round(_time(event).timestamp() * 1000)),
        "message_create": created,
    }
    kind = "dm.sent" if sender == account else "dm.received"
    return _envelope(account, kind, {"direct_message_events": [said]})


def _time(event: DmEvent) -> datetime:
    try:
        return iso(event.created_at or "")
    except ParseError:
        return time_of(str(event.id))


def _said_in_public(page: Page, account: str, kind: str) -> Iterator[tuple[int, bytes]]:
    for raw, number in zip(page.data, _ids(page.data), strict=True):
        yield int(number), _envelope(account, kind, raw, {"media": page.includes.media or []})


def _answered(page: Page, account: str) -> Iterator[tuple[int, bytes]]:
    """The account's own posts that answer nobody are no messages."""
    answers = [raw for raw in page.data if msgspec.json.decode(raw, type=Post).refers("replied_to")]
    return _said_in_public(Page(answers, page.includes), account, "post.create")


def _envelope(account: str, kind: str, payload: Any, includes: Any = None) -> bytes:
    event = {"filter": {"user_id": account}, "event_type": kind, "payload": payload}
    return msgspec.json.encode({"data": {**event, **({"includes": includes} if includes else {})}})


def _cost(messages: Page, mentions: Page, posts: Page) -> float:
    pages = (messages, mentions, posts)
    pictures = sum(len(page.includes.media or ()) for page in pages)
    return round(
        len(messages.data) * _MESSAGE + (len(mentions.data) + len(posts.data)) * _POST + pictures * _PICTURE,
        4,
    )
