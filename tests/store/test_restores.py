"""Restores of whole backups: everything at once, or one tenant back into a hub."""

import zipfile
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.store import policies
from socialai.store.db import Database, connect
from socialai.store.migrate import migrate
from socialai.store.restores import look, restore, restore_tenant
from tests.store.backing_up import NOW, make, nothing, rows


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
