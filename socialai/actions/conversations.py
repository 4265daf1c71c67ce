"""What a person does with a conversation: take it over, give it back, resolve or reopen it."""

import sqlite3

from socialai.context import App
from socialai.security.permissions import Principal
from socialai.store import activities, conversations, messages, replies
from socialai.store.db import Job


def take_over(app: App, who: Principal, conversation_id: int) -> None:
    """The assistant is silent until the conversation is given back or resolved."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> None:
        conversations.take_over(db, conversation_id, who.user_id)
        activities.add(db, conversation_id, "taken_over", f"{who.name} took over", now, who.user_id)

    _change(app, who, conversation_id, run)


def give_back(app: App, who: Principal, conversation_id: int) -> None:
    """The assistant answers again, also what it has not answered so far."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> None:
        conversations.get(db, conversation_id)
        conversations.give_back(db, conversation_id)
        activities.add(
            db, conversation_id, "given_back", f"{who.name} gave it back to the assistant", now, who.user_id
        )
        if messages.unanswered(db, conversation_id):
            conversations.make_due(db, conversation_id, now)

    _change(app, who, conversation_id, run)
    app.tasks.wake("answer", who.tenant_id, conversation_id)


def resolve(app: App, who: Principal, conversation_id: int) -> None:
    """Nothing is left to answer; a waiting draft is put aside."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> None:
        conversations.get(db, conversation_id)
        replies.supersede(db, conversation_id)
        messages.mark_all_answered(db, conversation_id, now)
        conversations.resolve(db, conversation_id)
        activities.add(db, conversation_id, "resolved", f"{who.name} resolved it", now, who.user_id)

    _change(app, who, conversation_id, run)


def reopen(app: App, who: Principal, conversation_id: int) -> None:
    now = app.clock()

    def run(db: sqlite3.Connection) -> None:
        conversations.get(db, conversation_id)
        conversations.reopen(db, conversation_id)
        activities.add(db, conversation_id, "reopened", f"{who.name} reopened it", now, who.user_id)

    _change(app, who, conversation_id, run)


def see(app: App, who: Principal, conversation_id: int) -> None:
    """A person looked at it."""
    app.files.tenant(who.tenant_id).write(lambda db: conversations.seen(db, conversation_id))


def _change(app: App, who: Principal, conversation_id: int, run: Job[None]) -> None:
    app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "conversation", conversation_id)
