"""Backups of a real data directory, and restores of whole, damaged and hostile ones."""

import hashlib
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.backup import MANIFEST, BackupFile, Manifest, is_expected
from socialai.errors import Conflict, HubError, InvalidInput, NewerDatabase, NotFound, StoreError
from socialai.metrics import Metrics
from socialai.store import channels, events, policies, tenants, users
from socialai.store.backups import Backup, back_up, key_mark, size
from socialai.store.db import Database, connect
from socialai.store.files import Files
from socialai.store.migrate import migrate
from socialai.store.restores import look, restore, restore_tenant
from socialai.store.vault import load_master_key

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Change = Callable[[dict[str, bytes]], None]


def nothing(_bytes: int) -> None: ...


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Path]:
    """A data directory with acme and rival, a channel, a waiting reply and an event each."""
    data_dir = tmp_path / "hub"
    data_dir.mkdir()
    load_master_key(data_dir / "secret.key")
    (data_dir / "settings.toml").write_text("port = 8701\n")
    files = Files(data_dir, Metrics(), 8)
    for tenant_id in ("acme", "rival"):
        _fill(files, tenant_id)
    yield data_dir
    files.close()


def _fill(files: Files, tenant_id: str) -> None:
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
        " (kind, channel_id, conversation_id, reply_id, message_id, key, text, due_at, created_at)"
        " values ('reply', 1, 1, 1, 1, 'k', 'yes', ?, ?)",
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


def test_what_may_have_been_sent_since_is_asked_about_and_nothing_is_sent_by_itself(
    hub: Path, tmp_path: Path
) -> None:
    restore(make(hub, tmp_path).path, tmp_path / "new", NOW, nothing, (hub / "secret.key").read_bytes())
    file = tmp_path / "new" / "tenants" / "acme" / "tenant.db"
    assert rows(file, "select state, in_doubt from outbox") == [("unknown", 1)]
    assert rows(file, "select mode, state from channel") == [("draft", "active")]


def test_without_the_key_channels_wait_to_be_connected_again(hub: Path, tmp_path: Path) -> None:
    app = connect(hub / "app.db")
    app.execute("insert into signing_key values ('k', x'00', '', '', null)")
    app.close()
    restored = restore(make(hub, tmp_path).path, tmp_path / "new", NOW, nothing, None)
    assert not restored.credentials
    assert rows(tmp_path / "new" / "app.db", "select count(*) from signing_key") == [(0,)]
    channel = rows(
        tmp_path / "new" / "tenants" / "acme" / "tenant.db", "select state, state_reason from channel"
    )
    assert channel[0][0] == "reauthorise"
    assert "Connect the channel again" in str(channel[0][1])


def test_another_key_is_refused(hub: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"not the secret\.key"):
        restore(make(hub, tmp_path).path, tmp_path / "new", NOW, nothing, b"k" * 32)
    assert not (tmp_path / "new").exists()


def test_a_restore_overwrites_nothing(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path)
    before = {path: path.read_bytes() for path in hub.rglob("*") if path.is_file()}
    with pytest.raises(Conflict, match="overwrites nothing"):
        restore(backup.path, hub, NOW, nothing, None)
    assert {path: path.read_bytes() for path in hub.rglob("*") if path.is_file()} == before


def test_a_folder_unpacked_from_a_backup_is_restored_too(hub: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(make(hub, tmp_path).path) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert restore(tmp_path / "unpacked", tmp_path / "new", NOW, nothing, None).tenants == ("acme", "rival")


def test_a_folder_with_a_link_is_refused(hub: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(make(hub, tmp_path).path) as archive:
        archive.extractall(tmp_path / "unpacked")
    (tmp_path / "unpacked" / "settings.toml").unlink()
    (tmp_path / "unpacked" / "settings.toml").symlink_to("/etc/passwd")
    with pytest.raises(InvalidInput, match="link"):
        restore(tmp_path / "unpacked", tmp_path / "new", NOW, nothing, None)


def test_an_older_backup_is_upgraded_on_the_way(hub: Path, tmp_path: Path) -> None:
    """The manifest says so; here the newest migration is all there is."""
    manifest = look(make(hub, tmp_path).path)
    assert manifest.files["app.db"].migrations[0] == "001_app"
    assert manifest.files["tenants/acme/tenant.db"].rows["event"] == 1


# One tenant back into a hub


def test_a_damaged_tenant_is_put_back_alone(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path)
    folder = hub / "tenants" / "acme"
    with pytest.raises(Conflict, match="Move it aside"):
        restore_tenant(backup.path, hub, "acme", NOW, nothing)
    folder.rename(hub / "acme.damaged")
    rival = (hub / "tenants" / "rival" / "tenant.db").read_bytes()
    assert restore_tenant(backup.path, hub, "acme", NOW, nothing).credentials
    assert rows(folder / "tenant.db", "select body from event") == [(b"hello acme",)]
    assert rows(hub / "app.db", "select count(*) from tenant") == [(2,)]
    assert (hub / "tenants" / "rival" / "tenant.db").read_bytes() == rival


def test_a_tenant_the_hub_does_not_know_comes_with_its_people(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path, "acme")
    app = connect(hub / "app.db")
    app.execute("delete from tenant where id = 'acme'")
    app.close()
    (hub / "tenants" / "acme").rename(tmp_path / "acme.old")
    restore_tenant(backup.path, hub, "acme", NOW, nothing)
    assert rows(hub / "app.db", "select id, email from user order by id") == [
        (1, "olga@acme.example"),
        (2, "olga@rival.example"),
    ]


def test_people_whose_ids_are_taken_are_not_mixed_up(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path, "acme")
    app = connect(hub / "app.db")
    app.execute("delete from tenant where id = 'acme'")
    app.execute("update user set id = 1")
    app.close()
    (hub / "tenants" / "acme").rename(tmp_path / "acme.old")
    with pytest.raises(Conflict, match="data directory of its own"):
        restore_tenant(backup.path, hub, "acme", NOW, nothing)
    assert rows(hub / "app.db", "select id from tenant") == [("rival",)]
    assert not (hub / "tenants" / "acme").exists()


def test_a_tenant_that_is_not_in_it_is_said(hub: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no tenant 'rival'"):
        restore_tenant(make(hub, tmp_path, "acme").path, hub, "rival", NOW, nothing)
    with pytest.raises(NotFound, match="no hub"):
        restore_tenant(make(hub, tmp_path).path, tmp_path / "new", "rival", NOW, nothing)


# Hostile until checked


def _cut(contents: dict[str, bytes]) -> None:
    contents["app.db"] = contents["app.db"][:-1]


def _longer(contents: dict[str, bytes]) -> None:
    contents["app.db"] += b"\0" * 4096


def _changed(contents: dict[str, bytes]) -> None:
    data = bytearray(contents["app.db"])
    data[-1] ^= 1
    contents["app.db"] = bytes(data)


def _gone(contents: dict[str, bytes]) -> None:
    del contents["tenants/acme/tenant.db"]


def _gone_everywhere(contents: dict[str, bytes]) -> None:
    _gone(contents)
    manifest = msgspec.json.decode(contents[MANIFEST])
    del manifest["files"]["tenants/acme/tenant.db"]
    contents[MANIFEST] = msgspec.json.encode(manifest)


def _extra(contents: dict[str, bytes]) -> None:
    contents["notes.txt"] = b"hello"


def _up_and_away(contents: dict[str, bytes]) -> None:
    told(contents, "../evil", b"x")


def _up_in_the_middle(contents: dict[str, bytes]) -> None:
    told(contents, "tenants/acme/blobs/../../../evil", b"x")


def _absolute(contents: dict[str, bytes]) -> None:
    told(contents, "/etc/evil", b"x")


def _no_database(contents: dict[str, bytes]) -> None:
    told(contents, "app.db", b"hello" * 1000)


def _no_manifest(contents: dict[str, bytes]) -> None:
    del contents[MANIFEST]


def _broken_manifest(contents: dict[str, bytes]) -> None:
    contents[MANIFEST] = contents[MANIFEST][:50]


def _other_rows(contents: dict[str, bytes]) -> None:
    told(contents, "app.db", contents["app.db"], rows={"tenant": 7})


def _negative(contents: dict[str, bytes]) -> None:
    told(contents, "app.db", contents["app.db"])
    manifest = msgspec.json.decode(contents[MANIFEST])
    manifest["files"]["app.db"]["bytes"] = -5
    contents[MANIFEST] = msgspec.json.encode(manifest)


def _other_tenants(contents: dict[str, bytes]) -> None:
    manifest = msgspec.json.decode(contents[MANIFEST])
    manifest["tenants"] = ["acme"]
    contents[MANIFEST] = msgspec.json.encode(manifest)


def _nested(contents: dict[str, bytes]) -> None:
    contents[MANIFEST] = b"[" * 100_000


@pytest.mark.parametrize(
    "change",
    [
        _cut,
        _longer,
        _changed,
        _gone,
        _gone_everywhere,
        _extra,
        _up_and_away,
        _up_in_the_middle,
        _absolute,
        _no_database,
        _no_manifest,
        _broken_manifest,
        _other_rows,
        _negative,
        _other_tenants,
        _nested,
    ],
)
def test_what_is_not_whole_is_refused_and_leaves_no_trace(hub: Path, tmp_path: Path, change: Change) -> None:
    wrong = rewritten(make(hub, tmp_path), tmp_path / "wrong.zip", change)
    inside = {path for path in tmp_path.rglob("*") if hub not in path.parents}
    with pytest.raises((InvalidInput, StoreError)):
        restore(wrong, tmp_path / "new", NOW, nothing, None)
    assert {path for path in tmp_path.rglob("*") if hub not in path.parents} == inside


def _database_with(hub: Path, script: str) -> bytes:
    copy = hub.parent / "crafted.db"
    source, target = connect(hub / "app.db"), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.executescript(script)
    target.close()
    return copy.read_bytes()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("create trigger t after insert on tenant begin delete from user; end", "trigger 't'"),
        ("create view v as select * from user", "view 'v'"),
        ("alter table user drop column signed_out_at", "lacks the column signed_out_at"),
        ("pragma foreign_keys=off; delete from tenant where id = 'acme'", "not there"),
    ],
)
def test_a_database_that_is_not_as_ours_is_refused(
    hub: Path, tmp_path: Path, script: str, reason: str
) -> None:
    backup = make(hub, tmp_path)
    crafted = _database_with(hub, script)
    wrong = rewritten(backup, tmp_path / "wrong.zip", lambda contents: told(contents, "app.db", crafted))
    with pytest.raises((StoreError, InvalidInput), match=reason):
        restore(wrong, tmp_path / "new", NOW, nothing, None)


def test_a_newer_database_is_refused(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path)
    newer = _database_with(
        hub, "insert into _sqlite_migrations (migration_set, name, applied_at) values ('app', '999_x', '')"
    )
    wrong = rewritten(backup, tmp_path / "wrong.zip", lambda contents: told(contents, "app.db", newer))
    with pytest.raises(NewerDatabase, match="999_x"):
        restore(wrong, tmp_path / "new", NOW, nothing, None)


def test_a_newer_format_is_refused_whatever_else_it_says(hub: Path, tmp_path: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        contents[MANIFEST] = b'{"format": 2, "program": "9.0", "files": "elsewhere"}'

    with pytest.raises(NewerDatabase, match=r"9\.0"):
        look(rewritten(make(hub, tmp_path), tmp_path / "wrong.zip", change))


def test_a_link_in_a_zip_is_refused(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path)
    link = zipfile.ZipInfo("settings.toml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(backup.path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InvalidInput, match="no plain file"):
        look(backup.path)


def test_the_same_file_twice_is_refused(hub: Path, tmp_path: Path) -> None:
    backup = make(hub, tmp_path)
    with zipfile.ZipFile(backup.path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("settings.toml", "port = 1")
    with pytest.raises(InvalidInput, match="twice"):
        look(backup.path)


def test_a_bomb_is_cut_at_the_size_it_claims(hub: Path, tmp_path: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        contents["settings.toml"] = b"\0" * 50_000_000

    with pytest.raises(InvalidInput, match="longer than the backup says"):
        restore(
            rewritten(make(hub, tmp_path), tmp_path / "bomb.zip", change),
            tmp_path / "new",
            NOW,
            nothing,
            None,
        )


def test_a_size_no_disk_has_is_refused_before_anything_is_written(hub: Path, tmp_path: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        manifest = msgspec.json.decode(contents[MANIFEST])
        manifest["files"]["app.db"]["bytes"] = 2**60
        contents[MANIFEST] = msgspec.json.encode(manifest)

    wrong = rewritten(make(hub, tmp_path), tmp_path / "wrong.zip", change)
    with pytest.raises(StoreError, match="MiB"):
        restore(wrong, tmp_path / "new", NOW, nothing, None)
    assert not (tmp_path / "new").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_the_archive_is_believed_or_crashes(
    hub: Path, tmp_path: Path, data: st.DataObject
) -> None:
    source = tmp_path / "socialai-acme-20261123T080000Z.zip"
    if not source.exists():
        make(hub, tmp_path, "acme")
    raw = bytearray(source.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=6)):
        raw[at] ^= data.draw(st.integers(1, 255))
    del raw[data.draw(st.integers(len(raw) // 2, len(raw))) :]
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(raw)
    place = tmp_path / "new"
    try:
        restore(damaged, place, NOW, nothing, None)
    except HubError:
        assert not place.exists()
    else:
        assert rows(place / "tenants" / "acme" / "tenant.db", "select body from event") == [(b"hello acme",)]
        shutil.rmtree(place)


def test_a_text_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(InvalidInput, match="no backup of a SocialAI Hub"):
        look(tmp_path / "notes.txt")
    with pytest.raises(NotFound):
        look(tmp_path / "nothing.zip")


@given(st.text(max_size=60))
def test_no_expected_name_leads_elsewhere(name: str) -> None:
    if is_expected(name):
        assert not name.startswith("/")
        assert ".." not in name.split("/")


def test_a_restore_that_was_cut_off_is_begun_again(hub: Path, tmp_path: Path) -> None:
    place = tmp_path / "new"
    (place / ".restoring" / "tenants").mkdir(parents=True)
    (place / ".restoring" / "app.db").write_bytes(b"half")
    (place / "tenants").mkdir()
    assert restore(make(hub, tmp_path).path, place, NOW + timedelta(days=1), nothing, None).tenants
    assert not (place / ".restoring").exists()


def test_policies_come_back(hub: Path, tmp_path: Path) -> None:
    migrate(hub / "app.db", "app")
    database = Database(hub / "tenants" / "acme" / "tenant.db")
    policy = msgspec.structs.replace(database.read(policies.get), confidence=0.9)
    database.write(lambda db: policies.put(db, policy))
    database.rest()
    restore(make(hub, tmp_path).path, tmp_path / "new", NOW, nothing, None)
    again = Database(tmp_path / "new" / "tenants" / "acme" / "tenant.db")
    assert again.read(policies.get).confidence == 0.9
    again.rest()
