"""API tokens taken back before their time; a row is needed until the token would have expired."""

import sqlite3
from datetime import datetime

from socialai.domain.clock import stamp


def revoke(db: sqlite3.Connection, jti: str, expires_at: datetime) -> None:
    db.execute(
        "insert into revoked_token (jti, expires_at) values (?, ?) on conflict (jti) do nothing",
        (jti, stamp(expires_at)),
    )


def revoked_tokens(db: sqlite3.Connection) -> frozenset[str]:
    return frozenset(row["jti"] for row in db.execute("select jti from revoked_token"))


def sweep(db: sqlite3.Connection, before: datetime) -> int:
    return db.execute("delete from revoked_token where expires_at < ?", (stamp(before),)).rowcount
