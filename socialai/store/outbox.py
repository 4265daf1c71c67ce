"""What is owed to the outside. What becomes of it is in `tries`."""

import sqlite3
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socialai.domain.clock import stamp
from socialai.domain.conversation import Conversation
from socialai.domain.moderation import Deed
from socialai.domain.outbox import OutboxItem, OutboxKind, OutboxState
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records

FREE_TO_GO = """
    due_at <= ?2 and (lease_until is null or lease_until <= ?2)
    and (channel_id is null
        or exists (select 1 from channel where channel.id = channel_id and channel.state = 'active'))
    and not exists (
        select 1 from outbox as earlier where earlier.lane = outbox.lane
        and earlier.id < outbox.id and earlier.state in ('queued', 'sending', 'unknown'))
"""
"""One item of a lane is under way at a time, in order; `?2` is now."""


def add_reply(
    db: sqlite3.Connection,
    channel_id: int,
    conversation_id: int,
    reply_id: int,
    message_id: int,
    text: str,
    now: datetime,
    *,
    template: bool = False,
) -> int:
    """One message of an approved reply; `template`: it goes out in the channel's message template."""
    row = db.execute(
        """
        insert into outbox
            (kind, lane, channel_id, conversation_id, reply_id, message_id, key, text, due_at, created_at,
             payload)
        values ('reply', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9) returning id
        """,
        (
            _lane(conversation_id),
            channel_id,
            conversation_id,
            reply_id,
            message_id,
            _key(),
            text,
            stamp(now),
            as_json({"template": True} if template else {}),
        ),
    ).fetchone()
    return int(row["id"])


def add_deed(
    db: sqlite3.Connection, conversation: Conversation, message_id: int, deed: Deed, text: str, now: datetime
) -> int:
    """Something to be done to a message that is on the platform already; `text` is for an edit."""
    row = db.execute(
        """
        insert into outbox (kind, lane, channel_id, conversation_id, message_id, key, text, payload, due_at,
                            created_at)
        values ('moderate', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) returning id
        """,
        (
            _lane(conversation.id),
            conversation.channel_id,
            conversation.id,
            message_id,
            _key(),
            text,
            as_json({"deed": deed}),
            stamp(now),
        ),
    ).fetchone()
    return int(row["id"])


def add(db: sqlite3.Connection, kind: OutboxKind, lane: str, payload: dict[str, Any], now: datetime) -> int:
    """Anything that goes to no channel."""
    row = db.execute(
        """
        insert into outbox (kind, lane, key, payload, due_at, created_at)
        values (?1, ?2, ?3, ?4, ?5, ?5) returning id
        """,
        (kind, lane, _key(), as_json(payload), stamp(now)),
    ).fetchone()
    return int(row["id"])


def join_or_add(
    db: sqlite3.Connection, kind: OutboxKind, lane: str, payload: dict[str, Any], now: datetime
) -> int:
    """To what waits in the lane and was never tried, when there is such a one: its `events` become more."""
    row = db.execute(
        "select * from outbox where lane = ? and state = 'queued' and started_at is null", (lane,)
    ).fetchone()
    if row is None:
        return add(db, kind, lane, payload, now)
    waiting = to_record(row, OutboxItem)
    events = list(dict.fromkeys([*waiting.payload["events"], *payload["events"]]))
    db.execute(
        "update outbox set payload = ? where id = ?",
        (as_json({**waiting.payload, "events": events}), waiting.id),
    )
    return waiting.id


def note_step(db: sqlite3.Connection, item_id: int, step: str) -> None:
    """Of several that an item takes, so that its next try goes on after it."""
    db.execute(
        """
        update outbox set payload = json_set(payload, '$.done', json_insert(
            coalesce(json_extract(payload, '$.done'), '[]'), '$[#]', ?2))
        where id = ?1
        """,
        (item_id, step),
    )


def hurry(db: sqlite3.Connection, kind: OutboxKind, now: datetime) -> list[int]:
    """What of this kind waits for its time is due now: the ids."""
    rows = db.execute(
        """
        update outbox set due_at = ?2 where kind = ?1 and state in ('queued', 'unknown') returning id
        """,
        (kind, stamp(now)),
    ).fetchall()
    return sorted(int(row["id"]) for row in rows)


def _lane(conversation_id: int) -> str:
    return f"conversation/{conversation_id}"


def _key() -> str:
    return f"socialai:{uuid.uuid4().hex}"


def get(db: sqlite3.Connection, item_id: int) -> OutboxItem:
    row = db.execute("select * from outbox where id = ?", (item_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no outbox item {item_id}.")
    return to_record(row, OutboxItem)


def find_by_key(db: sqlite3.Connection, key: str) -> OutboxItem | None:
    row = db.execute("select * from outbox where key = ?", (key,)).fetchone()
    return row and to_record(row, OutboxItem)


def find_on_its_way(
    db: sqlite3.Connection, channel_id: int, conversation_id: int | None, thread: str, text: str
) -> OutboxItem | None:
    """The oldest item that has left and says this, to the same contact or under the same post: an echo that
    carries no key is of it."""
    rows = db.execute(
        """
        select outbox.* from outbox join conversation on conversation.id = outbox.conversation_id
        where outbox.channel_id = ?1 and kind = 'reply' and outbox.state in ('sending', 'unknown')
            and (contact_id = (select contact_id from conversation where id = ?2)
                or (thread = ?3 and thread != ''))
        order by outbox.id
        """,
        (channel_id, conversation_id, thread),
    ).fetchall()
    said = (item for item in to_records(rows, OutboxItem) if item.text.split() == text.split())
    return next(said, None)


def find_next(db: sqlite3.Connection, lane: str) -> int | None:
    """The item whose turn it is in a lane."""
    row = db.execute(
        "select min(id) from outbox where lane = ? and state in ('queued', 'unknown')", (lane,)
    ).fetchone()
    return row[0] and int(row[0])


def arrived(db: sqlite3.Connection, conversation_id: int) -> frozenset[str]:
    """The platform's ids of what is known to have arrived."""
    rows = db.execute(
        "select external_id from outbox where conversation_id = ? and external_id is not null",
        (conversation_id,),
    )
    return frozenset(row["external_id"] for row in rows)


def by_reply(db: sqlite3.Connection, reply_ids: Sequence[int]) -> list[OutboxItem]:
    marks = ", ".join("?" * len(reply_ids))
    rows = db.execute(
        f"select * from outbox where reply_id in ({marks}) order by id", tuple(reply_ids)
    ).fetchall()
    return to_records(rows, OutboxItem)


def due(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    rows = db.execute(
        f"select id from outbox where state in ('queued', 'unknown') and {FREE_TO_GO} order by id limit ?1",
        (limit, stamp(now)),
    )
    return [int(row["id"]) for row in rows]


def items(
    db: sqlite3.Connection, state: OutboxState | None = None, *, before: int | None = None, limit: int = 50
) -> list[OutboxItem]:
    """Newest first, below the id `before`."""
    rows = db.execute(
        """
        select * from outbox where (?1 is null or state = ?1) and (?2 is null or id < ?2)
        order by id desc limit ?3
        """,
        (state, before, limit),
    ).fetchall()
    return to_records(rows, OutboxItem)


def find_trace(db: sqlite3.Connection, item_id: int) -> str | None:
    """Of the message that is answered; of the contact's last one when a person wrote by themselves."""
    row = db.execute(
        """
        select coalesce(
            (
                select turn.trace_id from reply join turn on turn.id = reply.turn_id
                where reply.id = outbox.reply_id
            ),
            (
                select message.trace_id from message
                where message.conversation_id = outbox.conversation_id and message.author = 'contact'
                order by message.id desc limit 1
            )
        ) as trace
        from outbox where id = ?
        """,
        (item_id,),
    ).fetchone()
    return None if row is None else row["trace"]


def count(db: sqlite3.Connection, state: OutboxState) -> int:
    return int(db.execute("select count(*) from outbox where state = ?", (state,)).fetchone()[0])
