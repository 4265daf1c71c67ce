"""Replies: read, write, change, approve, reject."""

import sqlite3
from typing import Annotated

from litestar import Router, get, patch, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from socialai.actions import moderation
from socialai.actions import replies as actions
from socialai.domain.moderation import Deed
from socialai.domain.reply import Reply
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Id, Limit, Page, after, page
from socialai.store import conversations, replies

_READ, _WRITE = needs("conversations:read"), needs("conversations:write")


class ReplyText(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class NewReply(ReplyText):
    """`private`: a comment is answered by private message, where the platform has that; `template`: it goes
    out in the channel's message template, which a platform takes when its window is closed."""

    private: bool = False
    template: bool = False


class Moderation(Struct, forbid_unknown_fields=True):
    """`text` is for `edit`."""

    deed: Deed
    text: Annotated[str, Meta(max_length=10_000)] = ""


class Queued(Struct):
    """The outbox item that does it."""

    item_id: int


@get("/conversations/{conversation_id:int}/replies", opt=_READ, sync_to_thread=True)
def read_replies(request: Asked, conversation_id: Id) -> Page[Reply]:
    """All replies of a conversation, oldest first."""

    def run(db: sqlite3.Connection) -> list[Reply]:
        conversations.get(db, conversation_id)
        return replies.replies(db, conversation_id)

    return Page(database(request).read(run))


@post("/conversations/{conversation_id:int}/replies", opt=_WRITE, sync_to_thread=True)
def write_reply(request: Asked, conversation_id: Id, data: JSONBody[NewReply]) -> Reply:
    """Write and send. The waiting draft is put aside and the conversation is yours."""
    return actions.write(
        hub(request),
        request.user,
        conversation_id,
        data.text,
        private=data.private,
        template=data.template,
    )


@get("/drafts", opt=_READ, sync_to_thread=True)
def read_drafts(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Reply]:
    """What waits to be approved, newest first."""
    before = after(cursor, BY_ID)
    found = database(request).read(lambda db: replies.drafts(db, before=before, limit=limit + 1))
    return page(found, limit, lambda last: last.id)


@get("/replies/{reply_id:int}", opt=_READ, sync_to_thread=True)
def read_reply(request: Asked, reply_id: Id) -> Reply:
    """One reply."""
    return database(request).read(lambda db: replies.get(db, reply_id))


@patch("/replies/{reply_id:int}", opt=_WRITE, sync_to_thread=True)
def edit_reply(request: Asked, reply_id: Id, data: JSONBody[ReplyText]) -> Reply:
    """Change a draft's words."""
    return actions.edit(hub(request), request.user, reply_id, data.text)


@post("/replies/{reply_id:int}/approve", opt=_WRITE, status_code=200, sync_to_thread=True)
def approve_reply(request: Asked, reply_id: Id) -> Reply:
    """Send a draft as it is. 409 when something was said after it was made."""
    return actions.approve(hub(request), request.user, reply_id)


@post("/replies/{reply_id:int}/send", opt=_WRITE, status_code=200, sync_to_thread=True)
def send_reply(request: Asked, reply_id: Id) -> Reply:
    """The same as approve: an approved draft is sent."""
    return actions.approve(hub(request), request.user, reply_id)


@post("/replies/{reply_id:int}/reject", opt=_WRITE, status_code=200, sync_to_thread=True)
def reject_reply(request: Asked, reply_id: Id) -> Reply:
    """The draft is not sent."""
    return actions.reject(hub(request), request.user, reply_id)


@post("/messages/{message_id:int}/moderate", opt=_WRITE, status_code=202, sync_to_thread=True)
def moderate_message(request: Asked, message_id: Id, data: JSONBody[Moderation]) -> Queued:
    """Hide, show, delete or change a message on its platform, where that has a way to."""
    return Queued(moderation.moderate(hub(request), request.user, message_id, data.deed, data.text))


router = Router(
    "/",
    route_handlers=[
        read_replies,
        write_reply,
        read_drafts,
        read_reply,
        edit_reply,
        approve_reply,
        send_reply,
        reject_reply,
        moderate_message,
    ],
    tags=["replies"],
)
