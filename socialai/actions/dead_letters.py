"""What is no longer tried: a person sees why, and can retry or discard it."""

import heapq
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Literal

from msgspec import Struct

from socialai.context import App
from socialai.store import events, outbox, replies, tries

Kind = Literal["event", "outbox"]
Place = tuple[int, int]
"""In a list of both kinds: below this event's id and this outbox item's."""
START: Place = (2**63 - 1, 2**63 - 1)


class DeadLetter(Struct, frozen=True):
    """`error` is a plain sentence; `conversation_id` is None for an event."""

    kind: Kind
    id: int
    error: str
    platform: str | None
    conversation_id: int | None
    created_at: datetime


def dead_letters(app: App, tenant_id: str, limit: int = 200, place: Place = START) -> list[DeadLetter]:
    """Newest first, below `place`."""

    def run(db: sqlite3.Connection) -> list[DeadLetter]:
        came_in = events.summaries(db, "dead", before=place[0], limit=limit)
        goes_out = outbox.items(db, "dead", before=place[1], limit=limit)
        merged = heapq.merge(
            (DeadLetter("event", e.id, e.error or "", e.platform, None, e.received_at) for e in came_in),
            (
                DeadLetter("outbox", i.id, i.error or "", None, i.conversation_id, i.created_at)
                for i in goes_out
            ),
            key=lambda letter: letter.created_at,
            reverse=True,
        )
        return list(islice(merged, limit))

    return app.files.tenant(tenant_id).read(run)


def place_after(letters: Sequence[DeadLetter], place: Place = START) -> Place:
    """Where the list goes on after these, which were read from `place`."""
    event_ids = [letter.id for letter in letters if letter.kind == "event"]
    item_ids = [letter.id for letter in letters if letter.kind == "outbox"]
    return min(event_ids, default=place[0]), min(item_ids, default=place[1])


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
        return [discarded for item_id in ids for discarded in tries.discard(db, item_id)]

    discarded = app.files.tenant(tenant_id).write(run)
    app.feed.tell(tenant_id, "dead_letter")
    return discarded


def _revive(db: sqlite3.Connection, item_id: int, now: datetime) -> list[int]:
    revived = tries.revive(db, item_id, now)
    if revived and (reply_id := outbox.get(db, item_id).reply_id):
        replies.finish(db, reply_id)
    return revived
