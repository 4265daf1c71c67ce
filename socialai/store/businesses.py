"""What the tenant says of its business, and how far its first run has come; each as one record."""

import sqlite3
from typing import TypeVar

import msgspec
from msgspec import Struct

from socialai.domain.business import Business
from socialai.store.records import as_json

T = TypeVar("T")


class FirstRun(Struct, frozen=True):
    """The steps that were done or passed over; `is_over` once its owner is through."""

    done: tuple[str, ...] = ()
    is_over: bool = False


def get(db: sqlite3.Connection) -> Business:
    return _find(db, "business", Business) or Business()


def put(db: sqlite3.Connection, business: Business) -> None:
    _put(db, "business", business)


def find_first_run(db: sqlite3.Connection) -> FirstRun | None:
    """None for a tenant that was not set up in the browser: nobody leads it anywhere."""
    return _find(db, "first_run", FirstRun)


def put_first_run(db: sqlite3.Connection, first_run: FirstRun) -> None:
    _put(db, "first_run", first_run)


def _find(db: sqlite3.Connection, name: str, kind: type[T]) -> T | None:
    row = db.execute("select value from setting where name = ?", (name,)).fetchone()
    return row and msgspec.json.decode(row["value"], type=kind)


def _put(db: sqlite3.Connection, name: str, value: Struct) -> None:
    db.execute(
        """
        insert into setting (name, value) values (?, ?)
        on conflict (name) do update set value = excluded.value
        """,
        (name, as_json(value)),
    )
