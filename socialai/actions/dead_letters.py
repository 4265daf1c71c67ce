"""What is no longer tried: a person sees why, and can retry or discard it."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialai.context import App
from socialai.store import events, outbox, replies

Kind = Literal["event", "outbox"]


class DeadLetter(Struct, frozen=True):
    """`error` is a plain sentence; `conversation_id` is None for an event."""

    kind: Kind
    id: int
    error: str
    platform: str | None
    conversation_id: int | None
    created_at: datetime


def dead_letters(app: App, tenant_id: str, limit: int = 200) -> list[DeadLetter]:
    def run(db: sqlite3.Connection) -> list[DeadLetter]:
        return [
            *(
                DeadLetter("event", event.id, event.error or "", event.platform, None, event.received_at)
                for event in events.events(db, "dead", limit=limit)
            ),
            *(
                DeadLetter("outbox", item.id, item.error or "", None, item.conversation_id, item.created_at)
                for item in outbox.items(db, "dead", limit=limit)
            ),
        ]

    return sorted(app.files.tenant(tenant_id).read(run), key=lambda letter: letter.created_at, reverse=True)


def retry(app: App, tenant_id: str, kind: Kind, ids: Sequence[int]) -> list[int]:
    """Ids that were dead and are tried again now, all parts of a reply together; it counts as sent only with
    a new platform id."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> list[int]:
        if kind == "event":
            return [event_id for event_id in ids if events.revive(db, event_id)]
        return [revived for item_id in ids for revived in _revive(db, item_id, now)]

    revived = app.files.tenant(tenant_id).write(run)
    for record_id in revived:
        app.tasks.wake("process" if kind == "event" else "deliver", tenant_id, record_id)
    app.feed.tell(tenant_id, "dead_letter")
    return revived


def discard(app: App, tenant_id: str, kind: Kind, ids: Sequence[int]) -> list[int]:
    """Ids that were dead and are now kept only as a record."""

    def run(db: sqlite3.Connection) -> list[int]:
        if kind == "event":
            return [event_id for event_id in ids if events.discard(db, event_id)]
        return [discarded for item_id in ids for discarded in outbox.discard(db, item_id)]

    discarded = app.files.tenant(tenant_id).write(run)
    app.feed.tell(tenant_id, "dead_letter")
    return discarded


def _revive(db: sqlite3.Connection, item_id: int, now: datetime) -> list[int]:
    revived = outbox.revive(db, item_id, now)
    if revived:
        replies.finish(db, outbox.get(db, item_id).reply_id)
    return revived
