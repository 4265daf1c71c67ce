"""Failed sign-ins, by e-mail address and by network address, and how long the next one has to wait.

A try is counted before its password is checked and taken back when it was right, so that many at once
cannot pass before the first is known to have failed.
"""

import sqlite3
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.errors import TooManyTries

WINDOW = timedelta(minutes=15)
_FIRST_WAIT = timedelta(seconds=30)
_ROWS = 20_000
"""The table never holds more: whoever tries a million addresses cannot fill the disk."""


class Subject(Struct, frozen=True):
    """Who is throttled, hashed, and after how many failures within WINDOW."""

    key: str
    limit: int


def begin(db: sqlite3.Connection, subjects: tuple[Subject, ...], now: datetime) -> tuple[int, ...]:
    """The ids of a counted try, for `take_back`; TooManyTries, counting nothing, while one has to wait."""
    wait = max(_wait(db, subject, now) for subject in subjects)
    if wait > timedelta(0):
        seconds = ceil(wait.total_seconds())
        raise TooManyTries(f"Too many failed sign-ins. Wait {_spoken(seconds)}, then try again.", seconds)
    return tuple(_count(db, subject, now) for subject in subjects)


def take_back(db: sqlite3.Connection, tries: tuple[int, ...]) -> None:
    db.executemany("delete from sign_in_failure where id = ?", [(row_id,) for row_id in tries])


def clear(db: sqlite3.Connection, subject: Subject) -> None:
    db.execute("delete from sign_in_failure where subject = ?", (subject.key,))


def sweep(db: sqlite3.Connection, now: datetime) -> int:
    return db.execute("delete from sign_in_failure where failed_at <= ?", (stamp(now - WINDOW),)).rowcount


def _wait(db: sqlite3.Connection, subject: Subject, now: datetime) -> timedelta:
    """None below the limit; at it 30 s since the last failure, doubled by each one more, at most WINDOW.

    Failures of a clock that was ahead do not count, or nobody could sign in until it is that late.
    """
    row = db.execute(
        "select count(*) as failures, max(failed_at) as last from sign_in_failure"
        " where subject = ? and failed_at > ? and failed_at <= ?",
        (subject.key, stamp(now - WINDOW), stamp(now)),
    ).fetchone()
    if row["failures"] < subject.limit:
        return timedelta(0)
    wait: timedelta = _FIRST_WAIT * (1 << min(row["failures"] - subject.limit, 10))
    last = datetime.fromisoformat(row["last"])
    return last + min(wait, WINDOW) - now


def _count(db: sqlite3.Connection, subject: Subject, now: datetime) -> int:
    row_id: int = db.execute(
        "insert into sign_in_failure (subject, failed_at) values (?, ?) returning id",
        (subject.key, stamp(now)),
    ).fetchone()["id"]
    db.execute("delete from sign_in_failure where id <= ?", (row_id - _ROWS,))
    return row_id


def _spoken(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{ceil(seconds / 60)} minutes"
