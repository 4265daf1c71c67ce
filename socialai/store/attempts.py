"""Attempts to connect an account by signing in at its platform: each used once, and not for long."""

import hashlib
import sqlite3
from datetime import datetime

from socialai.domain.attempt import LASTS, Attempt
from socialai.domain.clock import stamp
from socialai.store.records import to_record


def add(
    db: sqlite3.Connection, state: str, platform: str, user_id: int, back: str, redirect: str, now: datetime
) -> int:
    db.execute("delete from oauth_attempt where expires_at < ?", (stamp(now),))
    row = db.execute(
        """
        insert into oauth_attempt (state_digest, platform, user_id, back, redirect, created_at, expires_at)
        values (?, ?, ?, ?, ?, ?, ?) returning id
        """,
        (_digest(state), platform, user_id, back, redirect, stamp(now), stamp(now + LASTS)),
    ).fetchone()
    return int(row["id"])


def take(db: sqlite3.Connection, state: str, platform: str, now: datetime) -> Attempt | None:
    """Whose state this is, the first time it is shown in time; its time begins anew, for the choice that
    follows."""
    row = db.execute(
        """
        update oauth_attempt set state_digest = ?4, expires_at = ?5
        where state_digest = ?1 and platform = ?2 and expires_at >= ?3 and proof_digest is null returning *
        """,
        (_digest(state), platform, stamp(now), b"used " + _digest(state), stamp(now + LASTS)),
    ).fetchone()
    return row and to_record(row, Attempt)


def prove(db: sqlite3.Connection, attempt_id: int, proof: str, sealed: bytes) -> None:
    """Keep what came back, for the browser that has the proof."""
    db.execute(
        "update oauth_attempt set proof_digest = ?, sealed = ? where id = ?",
        (_digest(proof), sealed, attempt_id),
    )


def seal(db: sqlite3.Connection, attempt_id: int, sealed: bytes) -> None:
    db.execute("update oauth_attempt set sealed = ? where id = ?", (sealed, attempt_id))


def sealed(db: sqlite3.Connection, attempt_id: int) -> bytes:
    row = db.execute("select sealed from oauth_attempt where id = ?", (attempt_id,)).fetchone()
    return bytes(row["sealed"])


def find(db: sqlite3.Connection, attempt_id: int, user_id: int, proof: str, now: datetime) -> Attempt | None:
    """What this user began, for who has the proof, in time."""
    row = db.execute(
        """
        select * from oauth_attempt where id = ? and user_id = ? and proof_digest = ? and expires_at >= ?
        """,
        (attempt_id, user_id, _digest(proof), stamp(now)),
    ).fetchone()
    return row and to_record(row, Attempt)


def end(db: sqlite3.Connection, attempt_id: int) -> None:
    db.execute("delete from oauth_attempt where id = ?", (attempt_id,))


def _digest(secret: str) -> bytes:
    """The secrets are long and random: nobody finds one by trying."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
