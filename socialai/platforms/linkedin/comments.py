"""What the Page says and does in public: comments under posts, and changing and deleting its own.

Source: shared contract sheet; MS Learn, Comments API.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec
from msgspec import Struct, field

from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError, ParseError
from socialai.platforms.base import Outgoing
from socialai.platforms.calls import Calls
from socialai.platforms.linkedin import urns
from socialai.platforms.reading import Id, moment

SKEW = timedelta(minutes=10)
"""How far a shop's clock may be ahead of LinkedIn's: what seems too old to be ours would be sent twice."""
_PAGES = 10
_COUNT = 100


class Message(Struct, frozen=True):
    text: str | None = None


class Created(Struct, frozen=True):
    time: Id | None = None


class Comment(Struct):
    actor: str | None = None
    id: Id | None = None
    commentUrn: str | None = None  # noqa: N815 - LinkedIn's name
    urn: str | None = field(name="$URN", default=None)
    message: Message = Message()
    created: Created = Created()


class Comments(Struct):
    elements: list[Comment] = []


def answer(calls: Calls, organization: str, outgoing: Outgoing) -> str:
    """Under the comment that it answers, or under the post."""
    asked = urns.find_comment(outgoing.answers or "")
    body: dict[str, Any] = {
        "actor": organization,
        "object": outgoing.thread,
        "message": {"text": outgoing.text},
    }
    if asked:
        body["parentComment"] = asked.urn
    made = calls.write("POST", _under(outgoing), json=body)
    return _named(made, outgoing.thread)


def find_answer(calls: Calls, organization: str, outgoing: Outgoing, since: datetime) -> str | None:
    """The Page's comment with this text since then; None when surely there is none."""
    found = None
    for comment in _all(calls, _under(outgoing)):
        if comment.actor != organization or not _same(comment.message.text, outgoing.text):
            continue
        urn = _urn(comment, outgoing.thread)
        if urn and urn not in outgoing.known and _time(comment) >= since - SKEW:
            found = urn
    return found


def moderate(calls: Calls, organization: str, deed: Deed, comment_urn: str, text: str) -> None:
    comment = urns.find_comment(comment_urn)
    if comment is None:
        raise DeliveryError("permanent", "This is no comment of LinkedIn's.", code="no_comment")
    where = (
        f"{_comments_of(comment.thread)}/{urns.in_path(comment.number)}?actor={urns.in_path(organization)}"
    )
    if deed == "delete":
        calls.repeat("DELETE", where)
    else:
        patch = {"patch": {"message": {"$set": {"text": text}}}}
        calls.repeat("POST", where, json=patch, headers={"x-restli-method": "PARTIAL_UPDATE"})


def _under(outgoing: Outgoing) -> str:
    asked = urns.find_comment(outgoing.answers or "")
    return _comments_of(asked.urn if asked else outgoing.thread)


def _comments_of(urn: str) -> str:
    return f"rest/socialActions/{urns.in_path(urn)}/comments"


def _named(made: httpx.Response, thread: str) -> str:
    """By the header; older answers name it in their body only."""
    told = unquote(made.headers.get("x-restli-id", ""))
    comment = Comment(id=told) if told else _body(made)
    urn = _urn(comment, thread)
    if urn is None:
        message = "LinkedIn took the comment but did not say under which id."
        raise DeliveryError("unknown", message, code="no_comment_id")
    return urn


def _body(made: httpx.Response) -> Comment:
    try:
        return msgspec.json.decode(made.content, type=Comment)
    except (ValueError, RecursionError):
        return Comment()


def _urn(comment: Comment, thread: str) -> str | None:
    """Always under the post that we know it by, whatever LinkedIn calls the post this time."""
    told = str(comment.commentUrn or comment.urn or comment.id or "")
    named = urns.find_comment(told)
    number = named.number if named else told
    return urns.Comment(thread, number).urn if number else None


def _all(calls: Calls, path: str) -> Iterator[Comment]:
    """DeliveryError when they are not read to the end."""
    for number in range(_PAGES):
        query = {"start": str(number * _COUNT), "count": str(_COUNT)}
        page = calls.read(path, query, Comments)
        yield from page.elements
        if len(page.elements) < _COUNT:
            return
    raise _cannot_tell("there are too many comments")


def _time(comment: Comment) -> datetime:
    try:
        return moment(comment.created.time if comment.created.time is not None else "")
    except ParseError:
        raise _cannot_tell("a time is missing") from None


def _same(one: str | None, other: str) -> bool:
    """LinkedIn trims a text and may change its line ends."""
    return one is not None and one.split() == other.split()


def _cannot_tell(why: str) -> DeliveryError:
    return DeliveryError("retry", f"The comments could not be read back: {why}.", code="read_back")
