"""The keys that sign API tokens, their private halves sealed."""

import sqlite3
from datetime import datetime

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.store.records import to_record, to_records


class SigningKey(Struct, frozen=True):
    """`retired_at`: it only verifies since then."""

    kid: str
    sealed_private_pem: bytes
    public_pem: str
    created_at: datetime
    retired_at: datetime | None = None


def signing_keys(db: sqlite3.Connection) -> list[SigningKey]:
    """The newest first, so the first one that is not retired signs."""
    return to_records(
        db.execute("select * from signing_key order by created_at desc, kid").fetchall(), SigningKey
    )


def add_first(db: sqlite3.Connection, key: SigningKey) -> None:
    """Keep the key unless another process made one meanwhile."""
    if db.execute("select 1 from signing_key where retired_at is null").fetchone() is None:
        _add(db, key)


def replace(db: sqlite3.Connection, key: SigningKey, now: datetime) -> SigningKey:
    db.execute("update signing_key set retired_at = ? where retired_at is null", (stamp(now),))
    return _add(db, key)


def drop_retired(db: sqlite3.Connection, before: datetime) -> int:
    return db.execute("delete from signing_key where retired_at < ?", (stamp(before),)).rowcount


def _add(db: sqlite3.Connection, key: SigningKey) -> SigningKey:
    row = db.execute(
        """
        insert into signing_key (kid, sealed_private_pem, public_pem, created_at) values (?, ?, ?, ?)
        returning *
        """,
        (key.kid, key.sealed_private_pem, key.public_pem, stamp(key.created_at)),
    ).fetchone()
    return to_record(row, SigningKey)
