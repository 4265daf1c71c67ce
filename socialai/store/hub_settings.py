"""What holds for the whole hub: one record a name, and secrets sealed like a tenant's."""

import sqlite3
from typing import TypeVar

import msgspec
from msgspec import Struct

from socialai.store.records import as_json
from socialai.store.vault import Vault

T = TypeVar("T")
OWNER = "hub"
"""No tenant is called so by the vault: theirs are their ids with a name."""


def find(db: sqlite3.Connection, name: str, kind: type[T]) -> T | None:
    row = db.execute("select value from hub_setting where name = ?", (name,)).fetchone()
    return msgspec.json.decode(row["value"], type=kind) if row else None


def put(db: sqlite3.Connection, name: str, value: Struct) -> None:
    db.execute(
        """
        insert into hub_setting (name, value) values (?, ?)
        on conflict (name) do update set value = excluded.value
        """,
        (name, as_json(value)),
    )


def find_secret(db: sqlite3.Connection, vault: Vault, name: str) -> bytes | None:
    row = db.execute("select sealed from hub_secret where name = ?", (name,)).fetchone()
    return vault.open(OWNER, f"hub/{name}", row["sealed"]) if row else None


def put_secret(db: sqlite3.Connection, vault: Vault, name: str, plain: bytes) -> None:
    db.execute(
        """
        insert into hub_secret (name, sealed) values (?, ?)
        on conflict (name) do update set sealed = excluded.sealed
        """,
        (name, vault.seal(OWNER, f"hub/{name}", plain)),
    )


def drop_secret(db: sqlite3.Connection, name: str) -> None:
    db.execute("delete from hub_secret where name = ?", (name,))
