"""Conversations: read them, take them over, give them back, resolve them."""

import sqlite3
from datetime import datetime
from typing import Annotated

from litestar import Router, get, post
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct

from socialai.actions import conversations as actions
from socialai.channels import limits_of
from socialai.domain.channel import Channel
from socialai.domain.clock import stamp
from socialai.domain.conversation import Activity, Contact, Conversation, Message
from socialai.domain.lead import Lead
from socialai.domain.reply import Reply, TurnRecord
from socialai.domain.triage import Intent
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_TIME, Cursor, Id, Limit, Page, after, page
from socialai.store import (
    activities,
    channels,
    contacts,
    conversations,
    leads,
    messages,
    replies,
    turns,
    views,
)
from socialai.store.views import View

_Words = Annotated[str, QueryParameter(max_length=200, description="Part of a contact's name or a message.")]
_ThingId = Annotated[int | None, QueryParameter(ge=0, le=2**63 - 1)]
_READ, _WRITE = needs("conversations:read"), needs("conversations:write")


class ConversationDetail(Struct):
    """All there is of it; `messages` are the newest 50, oldest first. After `window_ends_at` the platform
    no longer takes the assistant's answers."""

    conversation: Conversation
    contact: Contact
    channel: Channel
    messages: list[Message]
    turns: list[TurnRecord]
    replies: list[Reply]
    activities: list[Activity]
    lead: Lead | None
    window_ends_at: datetime | None


@get("/", opt=_READ, sync_to_thread=True)
def read_conversations(
    request: Asked,
    view: FromQuery[View] = "all",
    channel_id: _ThingId = None,
    words: _Words = "",
    intent: FromQuery[Intent | None] = None,
    own_intent_id: _ThingId = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Conversation]:
    """Newest first. `mine` are those you took over, `waiting` those with a draft to approve."""
    user_id, before, now = request.user.user_id, after(cursor, BY_TIME), hub(request).clock()
    found = database(request).read(
        lambda db: views.conversations(
            db,
            view,
            now,
            user_id=user_id,
            channel_id=channel_id,
            words=words,
            intent=intent,
            own_intent_id=own_intent_id,
            before=before,
            limit=limit + 1,
        )
    )
    return page(found, limit, lambda last: (stamp(last.last_message_at), last.id))


@get("/{conversation_id:int}", opt=_READ, sync_to_thread=True)
def read_conversation(request: Asked, conversation_id: Id) -> ConversationDetail:
    """One conversation with its messages, what was understood and decided, and what happened to it."""
    return database(request).read(lambda db: _detail(db, conversation_id))


@get("/{conversation_id:int}/messages", opt=_READ, sync_to_thread=True)
def read_messages(
    request: Asked, conversation_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[Message]:
    """Newest first."""
    before = after(cursor, BY_TIME)

    def run(db: sqlite3.Connection) -> list[Message]:
        conversations.get(db, conversation_id)
        return messages.messages(db, conversation_id, before=before, limit=limit + 1)[::-1]

    return page(database(request).read(run), limit, lambda last: (stamp(last.sent_at), last.id))


@post("/{conversation_id:int}/take-over", opt=_WRITE, status_code=200, sync_to_thread=True)
def take_over(request: Asked, conversation_id: Id) -> Conversation:
    """The assistant is silent until it is given back or resolved."""
    actions.take_over(hub(request), request.user, conversation_id)
    return _now(request, conversation_id)


@post("/{conversation_id:int}/give-back", opt=_WRITE, status_code=200, sync_to_thread=True)
def give_back(request: Asked, conversation_id: Id) -> Conversation:
    """The assistant answers again."""
    actions.give_back(hub(request), request.user, conversation_id)
    return _now(request, conversation_id)


@post("/{conversation_id:int}/resolve", opt=_WRITE, status_code=200, sync_to_thread=True)
def resolve(request: Asked, conversation_id: Id) -> Conversation:
    """Nothing is left to answer; a waiting draft is put aside."""
    actions.resolve(hub(request), request.user, conversation_id)
    return _now(request, conversation_id)


@post("/{conversation_id:int}/reopen", opt=_WRITE, status_code=200, sync_to_thread=True)
def reopen(request: Asked, conversation_id: Id) -> Conversation:
    """There is something to answer after all."""
    actions.reopen(hub(request), request.user, conversation_id)
    return _now(request, conversation_id)


@post("/{conversation_id:int}/seen", opt=_READ, status_code=200, sync_to_thread=True)
def see(request: Asked, conversation_id: Id) -> Conversation:
    """Nothing in it is unread any more."""
    before = _now(request, conversation_id)
    actions.see(hub(request), request.user, before.id)
    return _now(request, conversation_id)


def _now(request: Asked, conversation_id: int) -> Conversation:
    return database(request).read(lambda db: conversations.get(db, conversation_id))


def _detail(db: sqlite3.Connection, conversation_id: int) -> ConversationDetail:
    conversation = conversations.get(db, conversation_id)
    channel = channels.get(db, conversation.channel_id)
    window = limits_of(channel, conversation).window
    return ConversationDetail(
        conversation=conversation,
        contact=contacts.get(db, conversation.contact_id),
        channel=channel,
        messages=messages.messages(db, conversation_id),
        turns=turns.turns(db, conversation_id),
        replies=replies.replies(db, conversation_id),
        activities=activities.activities(db, conversation_id),
        lead=leads.find(db, conversation.contact_id),
        window_ends_at=conversation.window_ends_at(window),
    )


router = Router(
    "/conversations",
    route_handlers=[
        read_conversations,
        read_conversation,
        read_messages,
        take_over,
        give_back,
        resolve,
        reopen,
        see,
    ],
    tags=["conversations"],
)
