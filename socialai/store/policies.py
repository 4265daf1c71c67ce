"""The tenant's own settings, as one validated record."""

import sqlite3

import msgspec

from socialai.domain.policy import Policy
from socialai.store.records import as_json


def get(db: sqlite3.Connection) -> Policy:
    row = db.execute("select value from setting where name = 'policy'").fetchone()
    return msgspec.json.decode(row["value"], type=Policy) if row else Policy()


def put(db: sqlite3.Connection, policy: Policy) -> None:
    db.execute(
        """
        insert into setting (name, value) values ('policy', ?)
        on conflict (name) do update set value = excluded.value
        """,
        (as_json(policy),),
    )
