"""What the Page says and does in public: answers to comments, and hiding, deleting and changing them.

Source: shared contract sheet. `POST /{comment-id}` with a message changes a comment; an answer goes to its
`/comments`.
"""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct, field

from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import SKEW, Author, Paging, same

_PAGES = 20


class Made(Struct):
    id: str | None = None


class Done(Struct):
    success: bool = True


class Comment(Struct):
    id: str
    message: str | None = None
    author: Author | None = field(name="from", default=None)
    created_time: str | None = None


class Comments(Struct):
    data: list[Comment]
    paging: Paging | None = None


def answer(graph: Graph, outgoing: Outgoing) -> str:
    """Under the comment or the visitor's post that it answers."""
    made = graph.write(f"{_where(outgoing)}/comments", {"message": outgoing.text}, Made)
    if not made.id:
        message = "Facebook took the comment but did not say under which id."
        raise DeliveryError("unknown", message, code="no_comment_id")
    return made.id


def find_answer(graph: Graph, page_id: str, outgoing: Outgoing, since: datetime) -> str | None:
    """The Page's comment with this text since then; None when surely there is none."""
    found = None
    for comment in _back_to(graph, _where(outgoing), since):
        own = comment.author is not None and str(comment.author.id) == page_id
        if own and comment.id not in outgoing.known and same(comment.message, outgoing.text):
            found = comment.id
    return found


def moderate(graph: Graph, deed: Deed, comment_id: str, text: str) -> None:
    where = quote(comment_id, safe="")
    if deed == "delete":
        graph.repeat("DELETE", where, {}, Done)
    elif deed == "edit":
        graph.repeat("POST", where, {"message": text}, Done)
    else:
        graph.repeat("POST", where, {"is_hidden": "true" if deed == "hide" else "false"}, Done)


def _where(outgoing: Outgoing) -> str:
    return quote(outgoing.answers or outgoing.thread, safe="")


def _back_to(graph: Graph, where: str, since: datetime) -> Iterator[Comment]:
    """Newest first until one is older; DeliveryError when they are not read so far."""
    query = {"fields": "id,message,from,created_time", "order": "reverse_chronological", "limit": "50"}
    for _ in range(_PAGES):
        page = graph.read(f"{where}/comments", query, Comments)
        for comment in page.data:
            if _time(comment) < since - SKEW:
                return
            yield comment
        after = page.paging and page.paging.next and page.paging.cursors and page.paging.cursors.after
        if not after:
            return
        query = {**query, "after": after}
    raise _cannot_tell("there are too many comments")


def _time(comment: Comment) -> datetime:
    try:
        at = datetime.fromisoformat(comment.created_time or "")
    except ValueError:
        raise _cannot_tell("a time is missing") from None
    if at.tzinfo is None:
        raise _cannot_tell("a time has no zone")
    return at


def _cannot_tell(why: str) -> DeliveryError:
    return DeliveryError("retry", f"The comments could not be read back: {why}.", code="read_back")
