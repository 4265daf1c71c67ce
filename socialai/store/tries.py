"""The tries of what is owed to the outside: claims, outcomes, dead letters."""

import sqlite3
from datetime import datetime, timedelta

from socialai.domain.clock import stamp
from socialai.domain.outbox import LEASE_SECONDS, OutboxItem
from socialai.store.outbox import FREE_TO_GO
from socialai.store.records import to_record


def claim_to_send(db: sqlite3.Connection, item_id: int, now: datetime) -> OutboxItem | None:
    """Take a queued item that may go out now."""
    row = db.execute(
        f"""
        update outbox set state = 'sending', attempts = attempts + 1, lease_until = ?3,
            started_at = coalesce(started_at, ?2)
        where id = ?1 and state = 'queued' and {FREE_TO_GO} returning *
        """,
        (item_id, stamp(now), stamp(now + timedelta(seconds=LEASE_SECONDS))),
    ).fetchone()
    return row and to_record(row, OutboxItem)


def claim_to_check(db: sqlite3.Connection, item_id: int, now: datetime) -> OutboxItem | None:
    """Take an item of which nobody knows whether it arrived, to ask the platform."""
    row = db.execute(
        f"""
        update outbox set checks = checks + 1, lease_until = ?3
        where id = ?1 and state = 'unknown' and {FREE_TO_GO} returning *
        """,
        (item_id, stamp(now), stamp(now + timedelta(seconds=LEASE_SECONDS))),
    ).fetchone()
    return row and to_record(row, OutboxItem)


def doubt_abandoned(db: sqlite3.Connection, now: datetime, due_at: datetime) -> list[int]:
    """Items whose sender vanished in the middle: nobody knows the outcome, and they may yet arrive."""
    rows = db.execute(
        """
        update outbox set state = 'unknown', in_doubt = 1, checks = 0, due_at = ?2, lease_until = null,
            error = 'The hub stopped while this was being sent.', error_code = null
        where state = 'sending' and lease_until <= ?1 returning id
        """,
        (stamp(now), stamp(due_at)),
    ).fetchall()
    return [int(row["id"]) for row in rows]


def end_leases(db: sqlite3.Connection, now: datetime) -> None:
    """At start nobody sends and nobody asks: whoever did was cut off."""
    db.execute("update outbox set lease_until = ?1 where lease_until > ?1", (stamp(now),))


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


def requeue(db: sqlite3.Connection, item_id: int, due_at: datetime, error: str, code: str | None) -> int:
    """It did not arrive and is tried again, unless an echo has settled it meanwhile."""
    return db.execute(
        """
        update outbox set state = 'queued', due_at = ?2, error = ?3, error_code = ?4, lease_until = null,
            in_doubt = 0, checks = 0
        where id = ?1 and state in ('sending', 'unknown')
        """,
        (item_id, stamp(due_at), error, code),
    ).rowcount


def doubt(db: sqlite3.Connection, item_id: int, due_at: datetime, error: str, code: str | None) -> int:
    """It may have arrived, which is asked at `due_at`, unless an echo has settled it meanwhile."""
    return db.execute(
        """
        update outbox set state = 'unknown', due_at = ?2, error = ?3, error_code = ?4, in_doubt = 1,
            lease_until = null
        where id = ?1 and state in ('sending', 'unknown')
        """,
        (item_id, stamp(due_at), error, code),
    ).rowcount


def give_back(db: sqlite3.Connection, item_id: int, error: str, code: str | None) -> int:
    """As it was before it was claimed: the try was not the item's fault."""
    return db.execute(
        """
        update outbox set error = ?2, error_code = ?3, lease_until = null,
            attempts = attempts - (state = 'sending'), checks = checks - (state = 'unknown'),
            state = case state when 'sending' then 'queued' else state end
        where id = ?1 and state in ('sending', 'unknown')
        """,
        (item_id, error, code),
    ).rowcount


def hold(db: sqlite3.Connection, item_id: int, due_at: datetime) -> int:
    """As it was before it was claimed, to be claimed again at `due_at`."""
    return db.execute(
        """
        update outbox set due_at = ?2, lease_until = null,
            attempts = attempts - (state = 'sending'), checks = checks - (state = 'unknown'),
            state = case state when 'sending' then 'queued' else state end
        where id = ?1 and state in ('sending', 'unknown')
        """,
        (item_id, stamp(due_at)),
    ).rowcount


def bury(db: sqlite3.Connection, item_id: int, error: str, code: str | None) -> int:
    """Make it a dead letter, and with it the parts of its reply that would follow: nobody wants to read the
    end only. How many died: none when an echo has settled it meanwhile."""
    dead = db.execute(
        """
        update outbox set state = 'dead', error = ?2, error_code = ?3, lease_until = null
        where id = ?1 and state in ('queued', 'sending', 'unknown')
        """,
        (item_id, error, code),
    ).rowcount
    following = """
        update outbox set state = 'dead', error = 'An earlier part of this reply was not sent.'
        where id > ?1 and state = 'queued' and reply_id = (select reply_id from outbox where id = ?1)
    """
    return dead and dead + db.execute(following, (item_id,)).rowcount


def withdraw(db: sqlite3.Connection, reply_id: int, reason: str) -> None:
    """None of the reply that has not left is sent."""
    db.execute(
        """
        update outbox set state = 'discarded', error = ?2, lease_until = null
        where reply_id = ?1 and state in ('queued', 'sending')
        """,
        (reply_id, reason),
    )


def revive(db: sqlite3.Connection, item_id: int, now: datetime) -> list[int]:
    """Try a dead letter again, from its first try; one that may have arrived is asked about first.

    The dead parts of one reply go together, so that they arrive in order: the ids of all of them.
    """
    rows = db.execute(
        """
        update outbox set state = case when in_doubt then 'unknown' else 'queued' end, attempts = 0,
            checks = 0, external_id = null, due_at = ?2
        where state = 'dead' and (id = ?1 or reply_id =
            (select reply_id from outbox where id = ?1 and state = 'dead'))
        returning id
        """,
        (item_id, stamp(now)),
    ).fetchall()
    return sorted(int(row["id"]) for row in rows)


def discard(db: sqlite3.Connection, item_id: int) -> list[int]:
    """Give a dead letter up, with the other dead parts of its reply: the ids of all of them."""
    rows = db.execute(
        """
        update outbox set state = 'discarded'
        where state = 'dead' and (id = ?1 or reply_id =
            (select reply_id from outbox where id = ?1 and state = 'dead'))
        returning id
        """,
        (item_id,),
    ).fetchall()
    return sorted(int(row["id"]) for row in rows)


def undo_sent(
    db: sqlite3.Connection, channel_id: int, external_id: str, error: str, code: str | None
) -> OutboxItem | None:
    """The platform could not deliver what it had accepted: a dead letter; None when it is not known as
    sent."""
    row = db.execute(
        """
        update outbox set state = 'dead', error = ?3, error_code = ?4, sent_at = null
        where channel_id = ?1 and external_id = ?2 and kind = 'reply' and state = 'sent' returning *
        """,
        (channel_id, external_id, error, code),
    ).fetchone()
    return row and to_record(row, OutboxItem)
