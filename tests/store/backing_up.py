"""A hub with something in it, backups of it, and how they are changed."""

import hashlib
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from socialai.domain.backup import MANIFEST, BackupFile, Manifest
from socialai.store import channels, events, tenants, users
from socialai.store.backups import Backup, back_up
from socialai.store.db import connect
from socialai.store.files import Files

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Change = Callable[[dict[str, bytes]], None]


def nothing(_bytes: int) -> None: ...


def fill(files: Files, tenant_id: str) -> None:
    files.app.write(lambda db: tenants.create(db, tenant_id, tenant_id.title(), NOW))
    files.app.write(
        lambda db: users.create(db, tenant_id, f"olga@{tenant_id}.example", "Olga", "owner", "x", NOW)
    )
    database = files.create(tenant_id)
    database.write(lambda db: _fill_tenant(db, tenant_id))


def _fill_tenant(db: sqlite3.Connection, tenant_id: str) -> None:
    channel = channels.put(db, "facebook", "1", tenant_id, {"page_id": "1"}, NOW)
    channels.set_mode(db, channel.id, "auto", ("sales",))
    events.keep(db, "facebook", f"hello {tenant_id}".encode(), "t", NOW)
    db.execute("insert into secret values ('channel/1', x'00')")
    db.execute("insert into contact (id, created_at) values (1, '')")
    db.execute(
        "insert into conversation (id, channel_id, contact_id, last_message_at, created_at)"
        " values (1, 1, 1, '', '')"
    )
    db.execute(
        "insert into reply (id, conversation_id, author, state, text, original_text, version, created_at)"
        " values (1, 1, 'assistant', 'approved', 'yes', 'yes', 0, '')"
    )
    db.execute(
        "insert into message (id, conversation_id, author, kind, text, sent_at, created_at)"
        " values (1, 1, 'assistant', 'text', 'yes', '', '')"
    )
    db.execute(
        "insert into outbox"
        " (kind, lane, channel_id, conversation_id, reply_id, message_id, key, text, due_at, created_at)"
        " values ('reply', 'conversation/1', 1, 1, 1, 1, 'k', 'yes', ?, ?)",
        (NOW.isoformat(), NOW.isoformat()),
    )


def make(hub: Path, folder: Path, tenant_id: str | None = None, *, with_key: bool = False) -> Backup:
    return back_up(hub, folder, NOW, nothing, tenant_id=tenant_id, with_key=with_key)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    db = connect(path, read_only=True)
    try:
        return [tuple(row) for row in db.execute(query)]
    finally:
        db.close()


def rewritten(backup: Backup, target: Path, change: Change) -> Path:
    """The backup with its files changed, its manifest as it was unless that is changed too."""
    with zipfile.ZipFile(backup.path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    change(contents)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target


def told(contents: dict[str, bytes], name: str, content: bytes, **facts: object) -> None:
    """Put a file in and describe it as it is, as someone would who wants to be believed."""
    manifest = msgspec.json.decode(contents[MANIFEST], type=Manifest)
    before = manifest.files.get(name, BackupFile("", 0))
    known = msgspec.structs.replace(
        before, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), **facts
    )
    contents[name] = content
    files = manifest.files | {name: known}
    contents[MANIFEST] = msgspec.json.encode(msgspec.structs.replace(manifest, files=files))
