"""Keep in short what was said in a conversation before the messages that a turn reads."""

import sqlite3
from datetime import timedelta

from msgspec import Struct

from socialai.actions.writing import writer
from socialai.agents import recap as recounting
from socialai.context import App
from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.domain.memory import Recap
from socialai.errors import NotFound
from socialai.inference.llm import Private
from socialai.store import contacts, conversations, details, messages, policies, recaps

_MOST = 200
"""Messages that are taken in at once; the rest the next time."""


class _Read(Struct, frozen=True):
    before: Recap
    said: list[Message]
    names: set[str]


def recap(app: App, tenant_id: str, conversation_id: int) -> None:
    """What came meanwhile leaves it due, for `sweep` to ring again."""
    database = app.files.tenant(tenant_id)
    try:
        read = database.read(lambda db: _read(db, app, conversation_id))
    except NotFound:
        return
    if read is None:
        return
    after = recounting.taken_in(read.before, read.said)
    if write := writer(app, tenant_id, "batch"):
        private = [Private("name", part) for name in read.names for part in {name, *name.split()}]
        after = recounting.in_words(after, write, private)
    kept = database.write(lambda db: recaps.put(db, read.before, after))
    if kept and len(read.said) == _MOST:
        database.write(lambda db: recaps.make_due(db, conversation_id))
    app.feed.tell(tenant_id, "conversation", conversation_id)


def _read(db: sqlite3.Connection, app: App, conversation_id: int) -> _Read | None:
    conversation = conversations.get(db, conversation_id)
    before = recaps.find(db, conversation_id)
    if before is None:
        return None
    contact, policy = contacts.get(db, conversation.contact_id), policies.get(db)
    since = app.clock() - timedelta(days=policy.memory_days)
    recent = messages.messages(db, conversation_id, since=since, limit=policy.memory_messages)
    end = (stamp(recent[0].sent_at), recent[0].id) if recent else None
    forgotten = stamp(contact.forgotten_at) if contact.forgotten_at else ""
    start = max((before.until_at, before.until_id), (forgotten, 0))
    told = details.details(db, contact.id)
    names = {contact.name or "", *(one.value for one in told if one.kind == "name")} - {""}
    return _Read(before, recaps.messages(db, conversation_id, start, end, _MOST), names)
