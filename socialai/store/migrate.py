"""Bring a database file to the program's version, or leave it exactly as it was.

Migrations are `migrations/<set>/NNN_name.sql`. Pending ones run on a copy, which replaces the file only when
all succeeded; the file as it was stays beside it as `<name>.before-<migration>`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database as SqliteUtils
from sqlite_utils.migrations import Migrations

from socialai.errors import NewerDatabase, StoreBusy, StoreError
from socialai.resources import resource
from socialai.store.db import connect, plain_error


def migrate(path: Path, kind: str, folder: Path | None = None) -> list[str]:
    """Create or upgrade `path` with the set `kind` ('app' or 'tenant'); the names of what was applied."""
    migrations = load(kind, folder or resource("migrations", kind))
    existed = path.exists() and path.stat().st_size > 0
    pending = _pending(path, migrations) if existed else [m.name for m in migrations._migrations]
    if not pending:
        return []
    if existed:
        _refuse_in_use(path)
    scratch = path.with_name(f"{path.name}.upgrading")
    _discard(scratch)
    try:
        if existed:
            _copy(path, scratch)
        else:
            scratch.touch(mode=0o600)  # SQLite gives its own files beside it the same mode
        _apply(scratch, migrations)
    except (sqlite3.Error, OSError) as error:
        _discard(scratch)
        raise StoreError(f"{path} could not be upgraded and was left as it was: {error}") from error
    if existed:
        _copy(path, path.with_name(f"{path.name}.before-{pending[0]}"))
        _discard(path, keep=True)
    scratch.replace(path)
    return pending


def load(kind: str, folder: Path) -> Migrations:
    migrations = Migrations(kind)
    for file in sorted(folder.glob("[0-9]*.sql")):
        migrations(name=file.stem)(_run(file.read_text(encoding="utf-8")))
    return migrations


def _run(script: str) -> Callable[[SqliteUtils], None]:
    def run(db: SqliteUtils) -> None:
        for statement in statements(script):
            db.conn.execute(statement)

    return run


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: executescript would commit before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def names(kind: str) -> tuple[str, ...]:
    """Of the program's own migrations."""
    return tuple(migration.name for migration in load(kind, resource("migrations", kind))._migrations)


def applied(path: Path, kind: str) -> set[str]:
    """What a file has, also of migrations this program does not know."""
    return _applied(path, Migrations(kind))


def _applied(path: Path, migrations: Migrations) -> set[str]:
    try:
        db = SqliteUtils(connect(path, read_only=True))
    except sqlite3.Error as error:
        raise plain_error(error, path) from error
    try:
        return {migration.name for migration in migrations.applied(db)}
    except sqlite3.Error as error:
        raise plain_error(error, path) from error
    finally:
        db.close()


def _pending(path: Path, migrations: Migrations) -> list[str]:
    found = _applied(path, migrations)
    known = [migration.name for migration in migrations._migrations]
    if unknown := sorted(found - set(known)):
        raise NewerDatabase(
            f"{path} was written by a newer SocialAI Hub ({unknown[-1]}). Install that version or later."
        )
    return [name for name in known if name not in found]


def _refuse_in_use(path: Path) -> None:
    """A hub of the version before would go on writing to the file that is replaced, and lose it all."""
    db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
    try:
        db.execute("pragma locking_mode=exclusive")  # with WAL that needs a file nobody else has open
        db.execute("begin immediate")
        db.execute("rollback")
    except sqlite3.OperationalError as error:
        raise StoreBusy(
            f"{path} must be upgraded, but another program has it open. Stop the hub, then try again."
        ) from error
    finally:
        db.close()


def _copy(source: Path, target: Path) -> None:
    """An online copy, consistent also while others write."""
    _discard(target)
    target.touch(mode=0o600)
    with_source, with_target = connect(source), sqlite3.connect(target)
    try:
        with_source.backup(with_target)
    finally:
        with_target.close()
        with_source.close()


def _apply(path: Path, migrations: Migrations) -> None:
    connection = connect(path)
    try:
        # A table that is made anew is dropped on the way: with foreign keys on, what refers to it would go
        # too.
        connection.execute("pragma foreign_keys=off")
        migrations.apply(SqliteUtils(connection))
        if broken := connection.execute("pragma foreign_key_check").fetchone():
            raise sqlite3.IntegrityError(
                f"rows of {broken[0]} refer to rows of {broken[2]} that are not there"
            )
        connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()


def _discard(path: Path, *, keep: bool = False) -> None:
    for suffix in ("-wal", "-shm") if keep else ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
