"""Sessions of the pages: an opaque token in a cookie, only its SHA-256 here."""

import secrets
import sqlite3
from datetime import datetime, timedelta
from hashlib import sha256

from socialai.domain.clock import stamp
from socialai.domain.user import Session, User
from socialai.store.records import to_record

MAX_AGE = timedelta(days=30)
"""However much a session is used, after this its user signs in again."""


def create(db: sqlite3.Connection, user_id: int, now: datetime, hours: float) -> str:
    """A new session's token, the only time it is seen."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "insert into session (id, user_id, created_at, expires_at) values (?, ?, ?, ?)",
        (_id(token), user_id, stamp(now), stamp(_expiry(now, now, hours))),
    )
    return token


def find(db: sqlite3.Connection, token: str, now: datetime) -> Session | None:
    """The session with its user as they are now; None if it expired or the user was disabled."""
    row = db.execute(
        """
        select user.*, session.created_at as opened_at, session.expires_at
        from session
        join user on user.id = session.user_id
        join tenant on tenant.id = user.tenant_id
        where session.id = ? and session.expires_at > ? and user.disabled_at is null
        """,
        (_id(token), stamp(now)),
    ).fetchone()
    if row is None:
        return None
    return Session(
        to_record(row, User),
        datetime.fromisoformat(row["opened_at"]),
        datetime.fromisoformat(row["expires_at"]),
    )


def is_due(session: Session, now: datetime, hours: float) -> bool:
    """Whether `renew` is worth a write: a tenth of its time would be won."""
    won = _expiry(session.opened_at, now, hours) - session.expires_at
    return won > timedelta(hours=hours) / 10


def renew(db: sqlite3.Connection, token: str, session: Session, now: datetime, hours: float) -> None:
    """Slide the expiry, never past MAX_AGE after the sign-in."""
    db.execute(
        "update session set expires_at = ? where id = ? and expires_at > ?",
        (stamp(_expiry(session.opened_at, now, hours)), _id(token), stamp(now)),
    )


def delete(db: sqlite3.Connection, token: str) -> None:
    db.execute("delete from session where id = ?", (_id(token),))


def delete_all(db: sqlite3.Connection, user_id: int, keep: str | None = None) -> None:
    """End the user's sessions, but for the one with the token `keep`, and sign-ins that wait for a code."""
    db.execute("delete from half_session where user_id = ?", (user_id,))
    db.execute(
        "delete from session where user_id = ? and id is not ?",
        (user_id, None if keep is None else _id(keep)),
    )


def sweep(db: sqlite3.Connection, now: datetime) -> int:
    return db.execute("delete from session where expires_at <= ?", (stamp(now),)).rowcount


def _expiry(opened_at: datetime, now: datetime, hours: float) -> datetime:
    return min(now + timedelta(hours=hours), opened_at + MAX_AGE)


def _id(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
