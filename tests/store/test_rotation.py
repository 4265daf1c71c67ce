"""A new secret.key under a hub that works, and a key that is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from socialai import app as hub
from socialai.context import App
from socialai.errors import Conflict, NotFound, SettingsError, WrongKey
from socialai.settings import Settings
from socialai.store import lost_key, rotation
from socialai.store.db import connect
from socialai.store.vault import Vault, load_master_key, write_key
from tests import cast


@pytest.fixture
def app(settings: Settings, clock: cast.Clock) -> Iterator[App]:
    """Rival's credentials are sealed anew, too."""
    built = hub.build(settings, clock)
    yield built
    hub.stop(built)


def test_a_hub_that_works_goes_on_and_the_old_key_opens_nothing_any_more(
    app: App, settings: Settings
) -> None:
    key = settings.data_dir / "secret.key"
    old = load_master_key(key)
    app.copies.set_passphrase("green tomato soup")
    done = rotation.rotate(settings.data_dir)
    assert (done.old_key, done.lost, len(key.read_bytes())) == (old, 0, 32)
    assert done.sealed >= 4
    assert key.read_bytes() != old
    app.channels.forget("acme")
    assert app.channels.adapter("acme", 1).config
    assert app.copies.passphrase() == "green tomato soup"
    app.copies.set_passphrase("a new green tomato")
    new, before = Vault(key.read_bytes()), Vault(old)
    sealed = _hub_secret(settings.data_dir, "backup passphrase")
    assert new.open("hub", "hub/backup passphrase", sealed) == b"a new green tomato"
    with pytest.raises(WrongKey):
        before.open("hub", "hub/backup passphrase", sealed)


def test_one_that_was_cut_off_is_gone_on_with(app: App, settings: Settings) -> None:
    key = settings.data_dir / "secret.key"
    old, new = load_master_key(key), b"n" * 32
    write_key(key, new + old)
    app.channels.forget("acme")
    assert app.channels.adapter("acme", 1).config, "sealed with the old one, and both are there"
    app.copies.set_passphrase("green tomato soup")
    assert rotation.rotate(settings.data_dir).old_key == old
    assert key.read_bytes() == new
    assert app.copies.passphrase() == "green tomato soup"


def test_what_neither_key_opens_is_counted_and_left(app: App, settings: Settings) -> None:
    strange = Vault(b"s" * 32).seal("acme", "channel/1", b"{}")
    app.files.tenant("acme").write(
        lambda db: db.execute("update secret set sealed = ? where name = 'channel/1'", (strange,))
    )
    assert rotation.rotate(settings.data_dir).lost == 1


def test_every_column_that_holds_something_sealed_is_sealed_anew(app: App) -> None:
    listed = {(it.table, it.column) for it in (*rotation.OF_THE_HUB, *rotation.OF_A_TENANT)}
    found = {
        (row["tab"], row["col"])
        for file in (app.files.app, app.files.tenant("acme"))
        for row in file.read(
            lambda db: db.execute(
                """
                select m.name as tab, c.name as col from sqlite_schema m, pragma_table_info(m.name) c
                where m.type = 'table' and c.name like '%sealed%'
                """
            ).fetchall()
        )
    }
    assert found == listed


def test_without_a_hub_there_is_no_key_to_change(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        rotation.rotate(tmp_path)


def test_a_key_that_is_gone_is_never_replaced_in_silence(settings: Settings, clock: cast.Clock) -> None:
    key = settings.data_dir / "secret.key"
    kept = key.read_bytes()
    with pytest.raises(Conflict, match="not lost"):
        lost_key.go_on(settings.data_dir, clock())
    key.unlink()
    with pytest.raises(SettingsError, match="Put back the copy") as raised:
        hub.build(settings, clock)
    assert "Messages, contacts, knowledge" in str(raised.value)
    assert not key.exists()
    write_key(key, kept)
    app = hub.build(settings, clock)
    assert app.channels.adapter("acme", 1).config
    hub.stop(app)


def test_without_it_the_hub_goes_on_and_channels_wait_to_be_connected(
    settings: Settings, clock: cast.Clock
) -> None:
    (settings.data_dir / "secret.key").unlink()
    before = cast.rows(settings.tenants_dir / "acme" / "tenant.db")["message"]
    assert lost_key.go_on(settings.data_dir, clock()) == ["acme", "rival"]
    app = hub.build(settings, clock)
    try:
        state = app.files.tenant("acme").read(lambda db: db.execute("select state from channel").fetchone())
        assert state["state"] == "reauthorise"
    finally:
        hub.stop(app)
    assert cast.rows(settings.tenants_dir / "acme" / "tenant.db")["message"] == before


def _hub_secret(data_dir: Path, name: str) -> bytes:
    db = connect(data_dir / "app.db", read_only=True)
    try:
        return bytes(db.execute("select sealed from hub_secret where name = ?", (name,)).fetchone()["sealed"])
    finally:
        db.close()
