"""A backup is believed in nothing until it is checked."""

import shutil
import sqlite3
import stat
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.backup import MANIFEST, is_expected
from socialai.errors import HubError, InvalidInput, NewerDatabase, NotFound, StoreError
from socialai.store.db import connect
from socialai.store.restores import look, restore
from tests.store.backing_up import NOW, Change, make, nothing, rewritten, rows, told


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
