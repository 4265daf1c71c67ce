"""Sign-ins whose password was right and whose code is waited for; short-lived, once."""

import secrets
import sqlite3
from datetime import datetime, timedelta
from hashlib import sha256

from socialai.domain.clock import stamp
from socialai.domain.user import User
from socialai.store.records import to_record

MAX_AGE = timedelta(minutes=10)


def create(db: sqlite3.Connection, user_id: int, now: datetime) -> str:
    """The token, the only time it is seen. What is over is forgotten on the way."""
    token = secrets.token_urlsafe(32)
    db.execute("delete from half_session where expires_at <= ?", (stamp(now),))
    db.execute(
        "insert into half_session (id, user_id, expires_at) values (?, ?, ?)",
        (_id(token), user_id, stamp(now + MAX_AGE)),
    )
    return token


def find_user(db: sqlite3.Connection, token: str, now: datetime) -> User | None:
    """Of a user who may still sign in."""
    row = db.execute(
        """
        select user.* from half_session join user on user.id = half_session.user_id
        where half_session.id = ? and expires_at > ? and disabled_at is null
        """,
        (_id(token), stamp(now)),
    ).fetchone()
    return row and to_record(row, User)


def delete(db: sqlite3.Connection, token: str) -> None:
    db.execute("delete from half_session where id = ?", (_id(token),))


def _id(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
