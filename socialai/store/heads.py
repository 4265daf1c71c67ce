"""What was learnt from a tenant's own examples or corrections; the newest accepted one of a kind is used."""

import sqlite3
from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.store.records import to_record

HeadKind = Literal["intents", "corrections"]
_KEPT = 3


class Head(Struct, frozen=True):
    """`basis` is the version of what it was learnt from; `report` JSON."""

    id: int
    encoder: str
    basis: int
    accepted: bool
    report: str
    arrays: bytes
    created_at: datetime


def add(
    db: sqlite3.Connection,
    kind: HeadKind,
    *,
    encoder: str,
    basis: int,
    accepted: bool,
    report: str,
    arrays: bytes,
    now: datetime,
) -> int:
    """Older ones than the last three go."""
    row = db.execute(
        """
        insert into head (kind, encoder, basis, accepted, report, arrays, created_at)
        values (?, ?, ?, ?, ?, ?, ?) returning id
        """,
        (kind, encoder, basis, accepted, report, arrays, stamp(now)),
    ).fetchone()
    db.execute(
        """
        delete from head where kind = ?1 and id not in (
            select id from head where kind = ?1 order by id desc limit ?2
        ) and id != coalesce((select max(id) from head where kind = ?1 and accepted), 0)
        """,
        (kind, _KEPT),
    )
    return int(row["id"])


def find_used(db: sqlite3.Connection, kind: HeadKind) -> Head | None:
    row = db.execute(
        "select * from head where kind = ? and accepted order by id desc limit 1", (kind,)
    ).fetchone()
    return row and to_record(row, Head)


def find_latest(db: sqlite3.Connection, kind: HeadKind) -> Head | None:
    """Also one that was refused."""
    row = db.execute("select * from head where kind = ? order by id desc limit 1", (kind,)).fetchone()
    return row and to_record(row, Head)


def used_id(db: sqlite3.Connection, kind: HeadKind) -> int:
    """0 when there is none."""
    row = db.execute("select max(id) from head where kind = ? and accepted", (kind,)).fetchone()
    return int(row[0] or 0)


def learnt_from(db: sqlite3.Connection, kind: HeadKind, encoder: str | None = None) -> int:
    """The version that the latest one was learnt from, used or refused; 0 when there is none, or none of this
    `encoder`."""
    row = db.execute(
        "select basis, encoder from head where kind = ? order by id desc limit 1", (kind,)
    ).fetchone()
    return int(row["basis"]) if row and encoder in (None, row["encoder"]) else 0


def exist(db: sqlite3.Connection) -> bool:
    return db.execute("select 1 from head limit 1").fetchone() is not None
