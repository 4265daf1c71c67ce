"""What the account says and does in public: answers to comments, hiding and deleting them.

Source: shared contract sheet, Send. An answer to an answer is put under the comment that began it.
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
from socialai.platforms.reading import Id

_PAGES = 20


class Made(Struct):
    id: Id | None = None


class Done(Struct):
    success: bool = True


class Asked(Struct):
    parent_id: Id | None = None


class Reply(Struct):
    id: Id
    text: str | None = None
    author: Author | None = field(name="from", default=None)
    timestamp: str | None = None


class Replies(Struct):
    data: list[Reply]
    paging: Paging | None = None


def answer(graph: Graph, outgoing: Outgoing) -> str:
    made = graph.write(f"{_asked(outgoing)}/replies", {"message": outgoing.text}, Made)
    if not made.id:
        message = "Instagram took the comment but did not say under which id."
        raise DeliveryError("unknown", message, code="no_comment_id")
    return str(made.id)


def find_answer(graph: Graph, account: str, outgoing: Outgoing, since: datetime) -> str | None:
    """The account's first answer with this text since then; None when surely there is none."""
    asked = graph.read(_asked(outgoing), {"fields": "parent_id"}, Asked)
    first = quote(str(asked.parent_id), safe="") if asked.parent_id is not None else _asked(outgoing)
    found = [
        (_time(reply), str(reply.id))
        for reply in _replies(graph, first)
        if reply.author is not None and str(reply.author.id) == account
        if same(reply.text, outgoing.text) and str(reply.id) not in outgoing.known
    ]
    return min(((at, reply) for at, reply in found if at >= since - SKEW), default=(since, None))[1]


def moderate(graph: Graph, deed: Deed, comment_id: str) -> None:
    where = quote(comment_id, safe="")
    if deed == "delete":
        graph.repeat("DELETE", where, {}, Done)
    elif deed in ("hide", "unhide"):
        graph.repeat("POST", where, {"hide": "true" if deed == "hide" else "false"}, Done)
    else:
        raise DeliveryError("permanent", "Instagram has no way to change a comment.", code="unable")


def _asked(outgoing: Outgoing) -> str:
    if not outgoing.answers:
        message = "There is no comment left that could be answered; Instagram takes answers only."
        raise DeliveryError("permanent", message, code="no_comment")
    return quote(outgoing.answers, safe="")


def _replies(graph: Graph, where: str) -> Iterator[Reply]:
    """All of them: in which order they come is not told. DeliveryError when there are too many."""
    query = {"fields": "id,text,from,timestamp", "limit": "50"}
    for _ in range(_PAGES):
        page = graph.read(f"{where}/replies", query, Replies)
        yield from page.data
        after = page.paging and page.paging.next and page.paging.cursors and page.paging.cursors.after
        if not after:
            return
        query = {**query, "after": after}
    raise _cannot_tell("there are too many answers")


def _time(reply: Reply) -> datetime:
    try:
        at = datetime.fromisoformat(reply.timestamp or "")
    except ValueError:
        raise _cannot_tell("a time is missing") from None
    if at.tzinfo is None:
        raise _cannot_tell("a time has no zone")
    return at


def _cannot_tell(why: str) -> DeliveryError:
    return DeliveryError("retry", f"The comments could not be read back: {why}.", code="read_back")
