"""What is owed to the outside. One item of a conversation is under way at a time, in order."""

import sqlite3
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from socialai.domain.clock import stamp
from socialai.domain.outbox import LEASE_SECONDS, OutboxItem, OutboxState
from socialai.errors import NotFound
from socialai.store.records import to_record, to_records

_FREE_TO_GO = """
    due_at <= ?2
    and exists (select 1 from channel where channel.id = channel_id and channel.state = 'active')
    and not exists (
        select 1 from outbox as earlier where earlier.conversation_id = outbox.conversation_id
        and earlier.id < outbox.id and earlier.state in ('queued', 'sending', 'unknown'))
"""


def add(
    db: sqlite3.Connection,
    channel_id: int,
    conversation_id: int,
    reply_id: int,
    message_id: int,
    text: str,
    now: datetime,
) -> int:
    row = db.execute(
        """
        insert into outbox
            (kind, channel_id, conversation_id, reply_id, message_id, key, text, due_at, created_at)
        values ('reply', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) returning id
        """,
        (channel_id, conversation_id, reply_id, message_id, f"socialai:{uuid.uuid4().hex}", text, stamp(now)),
    ).fetchone()
    return int(row["id"])


def claim_to_send(db: sqlite3.Connection, item_id: int, now: datetime) -> OutboxItem | None:
    """Take a queued item that may go out now."""
    row = db.execute(
        f"""
        update outbox set state = 'sending', attempts = attempts + 1, lease_until = ?3,
            started_at = coalesce(started_at, ?2)
        where id = ?1 and state = 'queued' and {_FREE_TO_GO} returning *
        """,
        (item_id, stamp(now), stamp(now + timedelta(seconds=LEASE_SECONDS))),
    ).fetchone()
    return row and to_record(row, OutboxItem)


def claim_to_check(db: sqlite3.Connection, item_id: int, now: datetime) -> OutboxItem | None:
    """Take an item of which nobody knows whether it arrived, to ask the platform."""
    row = db.execute(
        f"""
        update outbox set due_at = ?3 where id = ?1 and state = 'unknown' and {_FREE_TO_GO} returning *
        """,
        (item_id, stamp(now), stamp(now + timedelta(seconds=LEASE_SECONDS))),
    ).fetchone()
    return row and to_record(row, OutboxItem)


def doubt_abandoned(db: sqlite3.Connection, now: datetime) -> list[int]:
    """Items whose sender vanished in the middle: their outcome is unknown."""
    rows = db.execute(
        """
        update outbox set state = 'unknown', in_doubt = 1, due_at = ?1,
            error = 'The hub stopped while this was being sent.'
        where state = 'sending' and lease_until <= ?1 returning id
        """,
        (stamp(now),),
    ).fetchall()
    return [int(row["id"]) for row in rows]


def doubt_all_sending(db: sqlite3.Connection, now: datetime) -> None:
    """At start nobody is sending: whatever says so was cut off."""
    db.execute("update outbox set lease_until = ?1 where state = 'sending'", (stamp(now),))


def sent(db: sqlite3.Connection, item_id: int, external_id: str, at: datetime) -> OutboxItem | None:
    """It arrived, with the platform's id; None when that was known."""
    row = db.execute(
        """
        update outbox set state = 'sent', external_id = ?2, sent_at = ?3, error = null, error_code = null,
            in_doubt = 0, lease_until = null
        where id = ?1 and state != 'sent' returning *
        """,
        (item_id, external_id, stamp(at)),
    ).fetchone()
    return row and to_record(row, OutboxItem)


def later(
    db: sqlite3.Connection,
    item_id: int,
    state: OutboxState,
    due_at: datetime,
    error: str,
    code: str | None,
    *,
    in_doubt: bool,
    checks: int,
) -> None:
    """Not settled yet: queued again, or unknown until it is asked about. An echo may have settled it."""
    db.execute(
        """
        update outbox set state = ?, due_at = ?, error = ?, error_code = ?, in_doubt = ?, checks = ?,
            lease_until = null
        where id = ? and state in ('sending', 'unknown')
        """,
        (state, stamp(due_at), error, code, in_doubt, checks, item_id),
    )


def give_back_attempt(db: sqlite3.Connection, item_id: int) -> None:
    """The attempt was not the item's fault: the channel is disconnected."""
    db.execute("update outbox set attempts = attempts - 1 where id = ?", (item_id,))


def bury(db: sqlite3.Connection, item_id: int, error: str, code: str | None) -> bool:
    """Make it a dead letter; False when an echo has settled it meanwhile."""
    done = db.execute(
        """
        update outbox set state = 'dead', error = ?, error_code = ?, lease_until = null
        where id = ? and state in ('queued', 'sending', 'unknown')
        """,
        (error, code, item_id),
    )
    return done.rowcount > 0


def revive(db: sqlite3.Connection, item_id: int, now: datetime) -> bool:
    """Try a dead letter again, from its first try; one that may have arrived is asked about first."""
    done = db.execute(
        """
        update outbox set state = case when in_doubt then 'unknown' else 'queued' end, attempts = 0,
            checks = 0, external_id = null, due_at = ?2
        where id = ?1 and state = 'dead'
        """,
        (item_id, stamp(now)),
    )
    return done.rowcount > 0


def discard(db: sqlite3.Connection, item_id: int) -> bool:
    done = db.execute("update outbox set state = 'discarded' where id = ? and state = 'dead'", (item_id,))
    return done.rowcount > 0


def get(db: sqlite3.Connection, item_id: int) -> OutboxItem:
    row = db.execute("select * from outbox where id = ?", (item_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no outbox item {item_id}.")
    return to_record(row, OutboxItem)


def find_by_key(db: sqlite3.Connection, key: str) -> OutboxItem | None:
    row = db.execute("select * from outbox where key = ?", (key,)).fetchone()
    return row and to_record(row, OutboxItem)


def find_next(db: sqlite3.Connection, conversation_id: int) -> int | None:
    """The item whose turn it is in a conversation."""
    row = db.execute(
        "select min(id) from outbox where conversation_id = ? and state in ('queued', 'unknown')",
        (conversation_id,),
    ).fetchone()
    return row[0] and int(row[0])


def by_reply(db: sqlite3.Connection, reply_ids: Sequence[int]) -> list[OutboxItem]:
    marks = ", ".join("?" * len(reply_ids))
    rows = db.execute(
        f"select * from outbox where reply_id in ({marks}) order by id", tuple(reply_ids)
    ).fetchall()
    return to_records(rows, OutboxItem)


def due(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    rows = db.execute(
        f"select id from outbox where state in ('queued', 'unknown') and {_FREE_TO_GO} order by id limit ?1",
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


def count(db: sqlite3.Connection, state: OutboxState) -> int:
    return int(db.execute("select count(*) from outbox where state = ?", (state,)).fetchone()[0])
