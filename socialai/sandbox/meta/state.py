"""Everything the stand-in remembers, in SQLite: in memory, or in a file that another process can read."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from socialai.sandbox.meta.records import FIELDS, World

T = TypeVar("T")

SCHEMA = """
create table if not exists app (id text primary key, name text not null, secret text not null);
create table if not exists subscription (
    app_id text not null references app, watched text not null, callback_url text not null,
    fields text not null, primary key (app_id, watched)
);
create table if not exists permit (
    token text primary key, app_id text not null references app, scopes text not null, ends_at integer
);
create table if not exists account (
    id text primary key, app_id text not null references app, name text not null,
    token text not null unique, fields text not null, watched text not null, handle text not null,
    parent text not null, ended integer not null default 0, callback_url text
);
create table if not exists post (
    id text primary key, account_id text not null references account, text text not null, at integer not null
);
create table if not exists comment (
    seq integer primary key, id text not null unique, account_id text not null, post_id text not null,
    parent_id text, author text not null, name text not null, text text not null, at integer not null,
    hidden integer not null default 0, deleted integer not null default 0, answered integer not null default 0
);
create table if not exists chat (
    seq integer primary key, id text not null unique, account_id text not null, who text not null,
    author text not null check (author in ('person', 'app', 'phone')), at integer not null,
    content text not null, key text, status text
);
create index if not exists chat_thread on chat (account_id, who, seq);
create table if not exists person (
    psid text primary key, name text not null, locale text not null, timezone real,
    available integer not null default 1
);
create table if not exists message (
    seq integer primary key, id text not null unique, account_id text not null, psid text not null,
    author text not null check (author in ('person', 'app', 'inbox')),
    text text not null, at integer not null,
    attachments text not null default '[]', metadata text, tag text, payload text,
    edits integer not null default 0, deleted integer not null default 0, reaction text
);
create index if not exists message_thread on message (account_id, psid, seq);
create table if not exists sender_action (
    id integer primary key, account_id text not null, psid text not null, action text not null
);
create table if not exists file (
    id text primary key, account_id text not null, mime text not null, content blob not null
);
create table if not exists delivery (
    id integer primary key, account_id text not null, body blob not null,
    attempts integer not null default 0, accepted integer not null default 0, problem text
);
create index if not exists delivery_pending on delivery (account_id, id) where accepted = 0;
"""


class State:
    """One connection behind one lock; `changed` is notified after every write."""

    def __init__(self, world: World, path: Path | None, clock: Callable[[], datetime]) -> None:
        self.changed = threading.Condition()
        self._clock = clock
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + SCHEMA)
        with self.writing() as db:
            _populate(db, world, self.now())

    def now(self) -> int:
        """Milliseconds, as everywhere in Messenger's events."""
        return round(self._clock().timestamp() * 1000)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; a nested one belongs to the outer."""
        with self.changed:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.rollback()
                raise
            self._db.commit()
            self.changed.notify_all()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self.changed:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Whether `condition`, asked again after every change, came true within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    return condition()
            return True

    def close(self) -> None:
        with self.changed:
            self._db.close()


def to_record(row: sqlite3.Row, kind: type[T]) -> T:
    return msgspec.convert(dict(row), kind, strict=False)


def _populate(db: sqlite3.Connection, world: World, at: int) -> None:
    db.executemany(
        "insert or ignore into app (id, name, secret) values (?, ?, ?)",
        [(app.id, app.name, app.secret) for app in world.apps],
    )
    db.executemany(
        """
        insert or ignore into account (id, app_id, name, token, watched, handle, parent, fields)
        values (:id, :app_id, :name, :token, :watched, :handle, :parent, :fields)
        """,
        [
            {**msgspec.to_builtins(account), "fields": ",".join(FIELDS[account.watched])}
            for account in world.accounts
        ],
    )
    db.executemany(
        "insert or ignore into post (id, account_id, text, at) values (?, ?, ?, ?)",
        [(post.id, post.account_id, post.text, at) for post in world.posts],
    )
    db.executemany(
        """
        insert or ignore into person (psid, name, locale, timezone, available)
        values (:psid, :name, :locale, :timezone, :available)
        """,
        [msgspec.to_builtins(person) for person in world.people],
    )
