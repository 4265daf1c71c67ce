"""What a tenant's file says of how the work goes."""

import sqlite3
from datetime import datetime, timedelta

from msgspec import Struct

from socialai.domain.clock import stamp


class Figures(Struct, frozen=True):
    """Events and outbox items are counted by state. `overdue`: what should have been done by now.

    `lost`: what nobody will ever do, since neither the assistant, nor a person, nor the outbox has it; the
    transactions exist so that this is 0.
    """

    events: dict[str, int]
    outbox: dict[str, int]
    conversations: int
    contacts: int
    drafts: int
    overdue: int
    lost: int


class Hour(Struct, frozen=True):
    """Messages of one hour, by who wrote them."""

    at: datetime
    received: int
    sent: int


def figures(db: sqlite3.Connection, now: datetime, patience: timedelta) -> Figures:
    late = stamp(now - patience)
    return Figures(
        events=_by_state(db, "event"),
        outbox=_by_state(db, "outbox"),
        conversations=_number(db, "select count(*) from conversation"),
        contacts=_number(db, "select count(*) from contact"),
        drafts=_number(db, "select count(*) from reply where state = 'draft'"),
        overdue=_overdue(db, late),
        lost=_lost(db, late),
    )


def recovered(db: sqlite3.Connection, since: datetime) -> int:
    """Messages that no webhook had brought and asking the platform did."""
    row = db.execute("select sum(recovered) from event where processed_at >= ?", (stamp(since),)).fetchone()
    return int(row[0] or 0)


def hours(db: sqlite3.Connection, now: datetime, count: int = 24) -> list[Hour]:
    """The last `count` hours, the present one at the end."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=count - 1)
    rows = db.execute(
        """
        select substr(created_at, 1, 13) as hour, sum(author = 'contact') as received,
            sum(author != 'contact') as sent
        from message where created_at >= ? group by hour
        """,
        (stamp(first),),
    ).fetchall()
    found = {row["hour"]: (row["received"], row["sent"]) for row in rows}
    starts = (first + timedelta(hours=number) for number in range(count))
    return [Hour(start, *found.get(stamp(start)[:13], (0, 0))) for start in starts]


def _by_state(db: sqlite3.Connection, table: str) -> dict[str, int]:
    return {row[0]: row[1] for row in db.execute(f"select state, count(*) from {table} group by state")}


def _overdue(db: sqlite3.Connection, late: str) -> int:
    return _number(
        db,
        """
        select (select count(*) from event where state = 'received' and received_at < ?1)
            + (select count(*) from conversation where answer_due_at < ?1 and owner_id is null)
            + (select count(*) from outbox join channel on channel.id = channel_id
                where outbox.state in ('queued', 'sending', 'unknown') and due_at < ?1
                and channel.state = 'active')
        """,
        (late,),
    )


def _lost(db: sqlite3.Connection, late: str) -> int:
    """Text of a contact in an open conversation without a turn, a draft, a person or a time to answer;
    and approved replies without an outbox item."""
    return _number(
        db,
        """
        select (select count(*) from message join conversation on conversation.id = conversation_id
                where author = 'contact' and message.kind = 'text' and answered_at is null
                and deleted_at is null and message.created_at < ?1 and conversation.state = 'open'
                and owner_id is null and answer_due_at is null
                and not exists (select 1 from activity
                    where activity.conversation_id = conversation.id and activity.kind = 'standby'))
            + (select count(*) from reply where state = 'approved' and approved_at < ?1
                and not exists (select 1 from outbox where reply_id = reply.id))
        """,
        (late,),
    )


def _number(db: sqlite3.Connection, query: str, values: tuple[str, ...] = ()) -> int:
    return int(db.execute(query, values).fetchone()[0])
