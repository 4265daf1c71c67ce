"""Raw deliveries: kept before they are acknowledged, processed once, or a dead letter."""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.event import Delivery, Event, EventState, EventSummary
from socialai.errors import NotFound
from socialai.store.records import to_record, to_records


def keep(db: sqlite3.Connection, platform: str, body: bytes, trace_id: str, now: datetime) -> int | None:
    """The new event's id; None when the platform delivered the very same bytes before."""
    return keep_all(db, [Delivery(platform, body, trace_id, now)])[0]


def keep_all(db: sqlite3.Connection, deliveries: Sequence[Delivery]) -> list[int | None]:
    """For each the new event's id, None for a repeated one.

    Two statements of one step: after each step the writer waits for the interpreter, which is busy taking in
    the next deliveries. `returning` would take a step a row.
    """
    digests = [_digest(delivery.platform, delivery.body) for delivery in deliveries]
    known = _known(db, digests)
    new = {
        digest: delivery for digest, delivery in zip(digests, deliveries, strict=True) if digest not in known
    }
    ids = _insert(db, new) if new else {}
    return [ids.pop(digest, None) for digest in digests]


def _known(db: sqlite3.Connection, digests: Sequence[bytes]) -> set[bytes]:
    rows = db.execute(f"select digest from event where digest in ({', '.join('?' * len(digests))})", digests)
    return {row["digest"] for row in rows.fetchall()}


def _insert(db: sqlite3.Connection, new: Mapping[bytes, Delivery]) -> dict[bytes, int]:
    """Ids by digest: within a statement SQLite counts them up by one."""
    last = db.execute(
        f"""
        insert into event (platform, digest, body, trace_id, received_at, source)
        values {", ".join(["(?, ?, ?, ?, ?, ?)"] * len(new))}
        """,
        [value for digest, delivery in new.items() for value in _row(digest, delivery)],
    ).lastrowid
    assert last is not None, "an insert has a last row"
    return {digest: last - len(new) + 1 + place for place, digest in enumerate(new)}


def _row(digest: bytes, delivery: Delivery) -> tuple[object, ...]:
    return (
        delivery.platform,
        digest,
        delivery.body,
        delivery.trace_id,
        stamp(delivery.received_at),
        delivery.source,
    )


_FORGOTTEN = "The platform's terms did not let the hub keep this delivery any longer."


def _digest(platform: str, body: bytes) -> bytes:
    return hashlib.sha256(platform.encode() + b"\n" + body).digest()


def get(db: sqlite3.Connection, event_id: int) -> Event:
    row = db.execute("select * from event where id = ?", (event_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no event {event_id}.")
    return to_record(row, Event)


def events(
    db: sqlite3.Connection, state: EventState | None = None, *, before: int | None = None, limit: int = 50
) -> list[Event]:
    """Newest first, below the id `before`."""
    rows = db.execute(
        """
        select * from event where (?1 is null or state = ?1) and (?2 is null or id < ?2)
        order by id desc limit ?3
        """,
        (state, before, limit),
    ).fetchall()
    return to_records(rows, Event)


def summaries(
    db: sqlite3.Connection, state: EventState | None = None, *, before: int | None = None, limit: int = 50
) -> list[EventSummary]:
    """As `events`, without reading their bodies."""
    rows = db.execute(
        """
        select id, platform, length(body) as size, state, trace_id, received_at, error, processed_at,
            source, recovered
        from event where (?1 is null or state = ?1) and (?2 is null or id < ?2)
        order by id desc limit ?3
        """,
        (state, before, limit),
    ).fetchall()
    return to_records(rows, EventSummary)


def waiting(db: sqlite3.Connection, limit: int) -> list[Event]:
    """Still to be processed, oldest first."""
    rows = db.execute("select * from event where state = 'received' order by id limit ?", (limit,))
    return to_records(rows.fetchall(), Event)


def is_waiting(db: sqlite3.Connection, event_id: int) -> bool:
    row = db.execute("select state from event where id = ?", (event_id,)).fetchone()
    return row is not None and row["state"] == "received"


def finish(
    db: sqlite3.Connection,
    event_id: int,
    now: datetime,
    recovered: int = 0,
    forget_at: datetime | None = None,
) -> None:
    db.execute(
        """
        update event set state = 'processed', error = null, processed_at = ?, recovered = recovered + ?,
            forget_at = coalesce(forget_at, ?)
        where id = ?
        """,
        (stamp(now), recovered, forget_at and stamp(forget_at), event_id),
    )


def bury(
    db: sqlite3.Connection, event_id: int, error: str, now: datetime, forget_at: datetime | None = None
) -> None:
    """Make it a dead letter; `error` is the sentence a person reads."""
    db.execute(
        "update event set state = 'dead', error = ?, processed_at = ?, forget_at = coalesce(forget_at, ?) "
        "where id = ?",
        (error, stamp(now), forget_at and stamp(forget_at), event_id),
    )


def forget(db: sqlite3.Connection, now: datetime, limit: int) -> None:
    """Deliveries that the platform's terms want gone lose their bodies; a dead letter is one no longer, as
    nothing is left to try."""
    db.execute(
        """
        update event set body = x'', forget_at = null,
            error = iif(state = 'dead', ?3, error), state = iif(state = 'dead', 'discarded', state)
        where id in (select id from event where forget_at <= ?1 and state != 'received' order by forget_at
                     limit ?2)
        """,
        (stamp(now), limit, _FORGOTTEN),
    )


def revive(db: sqlite3.Connection, event_id: int) -> bool:
    """Process a dead letter again; False when it is not dead."""
    changed = db.execute("update event set state = 'received' where id = ? and state = 'dead'", (event_id,))
    return changed.rowcount > 0


def discard(db: sqlite3.Connection, event_id: int) -> bool:
    changed = db.execute("update event set state = 'discarded' where id = ? and state = 'dead'", (event_id,))
    return changed.rowcount > 0


def count(db: sqlite3.Connection, state: EventState) -> int:
    return int(db.execute("select count(*) from event where state = ?", (state,)).fetchone()[0])
