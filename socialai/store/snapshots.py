"""A copy of a database that others may be writing to, and what a database file holds."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct
from sqlite_utils import Database as SqliteUtils

from socialai.errors import DiskFull, NewerDatabase, StoreError
from socialai.resources import resource
from socialai.store.db import connect, plain_error
from socialai.store.migrate import load, migrate

Advance = Callable[[int], None]
"""Told how many bytes more are done."""

_PAGES = 1024


class Facts(Struct, frozen=True):
    """`rows` counts by table, those of the full-text and vector indexes included."""

    migrations: tuple[str, ...]
    rows: dict[str, int]


def copy(source: Path, target: Path, advance: Advance) -> None:
    """One moment of `source`, while a hub goes on writing to it."""
    with _opened(source, read_only=True) as reader, plain(target):
        writer = sqlite3.connect(target)
        writer.execute("pragma synchronous=OFF")  # it is scratch, and each piece is written out below
        try:
            page = reader.execute("pragma page_size").fetchone()[0]
            reader.execute("begin")  # pins the moment: a write between two steps would start the copy anew
            reader.execute("select count(*) from sqlite_schema").fetchone()
            with _written_out(target) as write_out:
                reader.backup(writer, pages=_PAGES, progress=_told(advance, page, write_out))
        finally:
            writer.close()


def check(path: Path, kind: str) -> Facts:
    """What is in a database file of unknown origin; StoreError unless it is whole, ours and not too new."""
    with _opened(path) as db:
        if (found := db.execute("pragma integrity_check(1)").fetchone()[0]) != "ok":
            raise StoreError(f"{path.name} is damaged ({found}).")
        if db.execute("pragma foreign_key_check").fetchone():
            raise StoreError(f"{path.name} is damaged: a row belongs to another that is not there.")
        _refuse_foreign_code(db, path)
        return Facts(migrations=_migrations(db, path, kind), rows=_rows(db))


def pending(facts: Facts, kind: str) -> list[str]:
    """Migrations that run when the file is next opened."""
    ours = load(kind, resource("migrations", kind))._migrations
    return [migration.name for migration in ours if migration.name not in facts.migrations]


def queued(path: Path) -> int:
    """How many wake-ups wait in a queue's file."""
    with _opened(path, read_only=True) as db:
        return int(db.execute("select count(*) from task").fetchone()[0])


def upgrade(path: Path, kind: str) -> None:
    """Bring a copy to the program's version, nothing beside it; StoreError if it lacks a column then."""
    migrate(path, kind)
    for left in path.parent.glob(f"{path.name}.before-*"):
        left.unlink()
    fresh = path.with_name(f"{path.name}.fresh")
    migrate(fresh, kind)
    missing = _columns(fresh) - _columns(path)
    fresh.unlink()
    if missing:
        table, column = min(missing)
        raise StoreError(f"{path.name} lacks the column {column} of the table {table}.")


@contextmanager
def changing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a copy that nobody else has, after which it is one file again."""
    with _opened(path) as db:
        db.execute("begin immediate")
        yield db
        db.execute("commit")


def vacuum(path: Path) -> None:
    """Leave nothing of what was deleted. Not for a tenant's file: it renumbers the rows of sqlite-vec."""
    with _opened(path) as db:
        db.execute("vacuum")


@contextmanager
def plain(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors in our words."""
    try:
        yield
    except sqlite3.Error as error:
        raise plain_error(error, path) from error
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"The disk that holds {path} is full. Free some space, then try again.") from error
        raise StoreError(f"{path} cannot be used: {error.strerror or error}.") from error


_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def _opened(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    with plain(path):
        db = connect(path, read_only=read_only)
        try:
            yield db
        finally:
            with suppress(sqlite3.Error):
                if db.in_transaction:
                    db.execute("rollback")
            db.close()


@contextmanager
def _written_out(path: Path) -> Iterator[Callable[[], None]]:
    """Piece by piece: a gigabyte at once would keep the disk from what others must have on it meanwhile."""
    file = os.open(path, os.O_RDWR)
    try:
        yield lambda: os.fsync(file)
    finally:
        os.close(file)


def _told(advance: Advance, page: int, write_out: Callable[[], None]) -> Callable[[int, int, int], None]:
    before: list[int] = []

    def tell(_status: int, remaining: int, total: int) -> None:
        write_out()
        advance(((before[-1] if before else total) - remaining) * page)
        before[:] = [remaining]

    return tell


def _refuse_foreign_code(db: sqlite3.Connection, path: Path) -> None:
    """Our databases have neither views nor triggers, which would run whatever they say."""
    found = db.execute("select type, name from sqlite_schema where type in ('view', 'trigger')").fetchone()
    if found:
        raise StoreError(f"{path.name} holds a {found['type']} '{found['name']}' that is not ours.")


def _migrations(db: sqlite3.Connection, path: Path, kind: str) -> tuple[str, ...]:
    ours = load(kind, resource("migrations", kind))
    applied = tuple(migration.name for migration in ours.applied(SqliteUtils(db)))
    known = tuple(migration.name for migration in ours._migrations)
    if unknown := [name for name in applied if name not in known]:
        raise NewerDatabase(
            f"{path.name} was written by a newer SocialAI Hub ({unknown[-1]}). Install that version or later."
        )
    if not applied:
        raise StoreError(f"{path.name} is no database of a SocialAI Hub.")
    return applied


def _columns(path: Path) -> set[tuple[str, str]]:
    with _opened(path) as db:
        rows = db.execute(
            """
            select tables.name, columns.name
            from sqlite_schema as tables, pragma_table_info(tables.name) as columns
            where tables.type = 'table' and tables.name not like 'sqlite%'
            """
        )
        return {(table, column) for table, column in rows}


def _rows(db: sqlite3.Connection) -> dict[str, int]:
    tables = db.execute(
        """
        select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'
        and name not like 'sqlite\\_%' escape '\\' order by name
        """
    ).fetchall()
    return {row["name"]: _count(db, row["name"]) for row in tables}


def _count(db: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(db.execute(f'select count(*) from "{quoted}"').fetchone()[0])
