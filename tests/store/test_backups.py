"""Backups of a real data directory."""

import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from socialai.domain.backup import MANIFEST
from socialai.errors import Conflict, NotFound, StoreError
from socialai.store import events
from socialai.store.backups import back_up, key_mark, size
from socialai.store.db import Database, connect
from socialai.store.restores import restore
from tests.store.backing_up import NOW, make, nothing, rows


def test_a_backup_of_all_comes_back_whole(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path / "out", with_key=True)
    place = tmp_path / "new"
    restored = restore(backup.path, place, NOW, nothing, None)
    assert restored.tenants == ("acme", "rival")
    assert restored.credentials
    assert (place / "secret.key").read_bytes() == (hub / "secret.key").read_bytes()
    assert (place / "settings.toml").read_text() == "port = 8701\n"
    for tenant_id in restored.tenants:
        found = rows(place / "tenants" / tenant_id / "tenant.db", "select body from event")
        assert found == [(f"hello {tenant_id}".encode(),)]
    assert rows(place / "app.db", "select email from user order by id") == [
        ("olga@acme.example",),
        ("olga@rival.example",),
    ]
    assert sorted(path.name for path in place.iterdir()) == [
        "app.db",
        "secret.key",
        "settings.toml",
        "tenants",
    ]


def test_the_key_is_left_out_unless_asked_for(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path / "out")
    assert not backup.manifest.has_key
    key = (hub / "secret.key").read_bytes()
    assert key not in backup.path.read_bytes()
    assert backup.manifest.key_mark == key_mark(key)


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_beside_it(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path / "out")
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    assert list(backup.path.parent.iterdir()) == [backup.path]
    assert not list(hub.glob(".copying*"))
    with pytest.raises(Conflict):
        make(hub, tmp_path / "out")


def test_one_tenants_backup_knows_nothing_of_the_other(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path / "out", "acme")
    with zipfile.ZipFile(backup.path) as archive:
        assert sorted(archive.namelist()) == ["app.db", MANIFEST, "tenants/acme/tenant.db"]
        assert b"rival" not in archive.read("app.db").lower()
    restore(backup.path, tmp_path / "new", NOW, nothing, None)
    assert rows(tmp_path / "new" / "app.db", "select id from tenant") == [("acme",)]


def test_a_backup_is_one_moment_of_a_file_that_is_being_written(hub: Path, tmp_path: Path) -> None:
    """Events are kept in pairs; a copy that mixes two moments would hold half of one."""
    database = Database(hub / "tenants" / "acme" / "tenant.db")
    enough, stop = threading.Event(), threading.Event()

    def pair(number: int) -> Callable[[sqlite3.Connection], None]:
        def run(db: sqlite3.Connection) -> None:
            for half in "ab":
                events.keep(db, "facebook", f"{number}{half}".encode() * 1000, "pair", NOW)

        return run

    def write() -> None:
        for number in range(100_000):
            if stop.is_set():
                return
            database.write(pair(number))
            if number > 200:
                enough.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        enough.wait(30)
        backup = make(hub, tmp_path / "out", "acme")
    finally:
        stop.set()
        thread.join()
        database.rest()
    restore(backup.path, tmp_path / "new", NOW, nothing, None)
    kept = rows(
        tmp_path / "new" / "tenants" / "acme" / "tenant.db",
        "select count(*) from event where trace_id = 'pair'",
    )[0][0]
    assert isinstance(kept, int)
    assert kept > 400
    assert kept % 2 == 0


def test_progress_counts_the_bytes_of_the_databases(hub: Path, tmp_path: Path) -> None:
    done: list[int] = []
    back_up(hub, tmp_path, NOW, done.append, tenant_id=None, with_key=False)
    files = [*hub.glob("*.db"), *hub.glob("tenants/*/tenant.db")]
    assert size(hub, None) == sum(path.stat().st_size for path in files)
    assert sum(done) >= size(hub, None)


def test_a_damaged_file_is_not_backed_up(hub: Path, tmp_path: Path) -> None:
    Database(hub / "tenants" / "acme" / "tenant.db").rest()
    path = hub / "tenants" / "acme" / "tenant.db"
    db = connect(path)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    data = bytearray(path.read_bytes())
    data[8192:20480] = b"\xff" * 12288
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        make(hub, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    assert make(hub, tmp_path / "out", "rival").manifest.tenants == ("rival",)


def test_where_no_hub_is_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing to back up"):
        make(tmp_path, tmp_path / "out")


def test_an_unknown_tenant_is_said(hub: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nobody"):
        make(hub, tmp_path / "out", "nobody")
