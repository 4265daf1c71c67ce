import os
import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.errors import SettingsError, StoreError
from socialai.store.db import connect
from socialai.store.migrate import migrate
from socialai.store.vault import Vault, delete_secret, find_secret, load_master_key, put_secret

VAULT = Vault(b"k" * 32)


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    key = load_master_key(tmp_path / "secret.key")
    assert len(key) == 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert load_master_key(tmp_path / "secret.key") == key


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert load_master_key(tmp_path / "a") != load_master_key(tmp_path / "b")


@pytest.mark.parametrize("content", [b"", b"short", b"k" * 33])
def test_a_damaged_key_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(SettingsError, match="Put back the copy you kept"):
        load_master_key(tmp_path / "secret.key")
    assert (tmp_path / "secret.key").read_bytes() == content


@given(st.text(), st.text(), st.binary())
def test_what_is_sealed_opens_again(owner: str, name: str, plain: bytes) -> None:
    sealed = VAULT.seal(owner, name, plain)
    assert VAULT.open(owner, name, sealed) == plain
    assert len(plain) < 8 or plain not in sealed


def test_the_same_secret_never_looks_the_same(tmp_path: Path) -> None:
    assert VAULT.seal("acme", "channel/1", b"token") != VAULT.seal("acme", "channel/1", b"token")


@pytest.mark.parametrize(
    ("vault", "owner", "name"),
    [
        (VAULT, "rival", "channel/1"),
        (VAULT, "acme", "channel/2"),
        (VAULT, "acmechannel", "/1"),
        (Vault(b"j" * 32), "acme", "channel/1"),
    ],
)
def test_a_secret_opens_for_nobody_and_nothing_else(vault: Vault, owner: str, name: str) -> None:
    sealed = VAULT.seal("acme", "channel/1", b"token")
    with pytest.raises(StoreError, match="connect again") as raised:
        vault.open(owner, name, sealed)
    assert "token" not in str(raised.value)


@given(st.data())
def test_a_sealed_value_that_was_changed_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("acme", "channel/1", b"token"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StoreError):
        VAULT.open("acme", "channel/1", bytes(sealed))


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_a_sealed_value_that_was_cut_is_a_plain_error(length: int) -> None:
    sealed = VAULT.seal("acme", "channel/1", b"token")[:length]
    with pytest.raises(StoreError):
        VAULT.open("acme", "channel/1", sealed)


def test_keys_for_different_purposes_differ() -> None:
    keys = {VAULT.derive(purpose) for purpose in ("queue", "sign-in", "vault/acme", "vault/rival")}
    assert len(keys) == 4
    assert b"k" * 32 not in keys


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    migrate(tmp_path / "tenant.db", "tenant")
    return connect(tmp_path / "tenant.db")


def test_credentials_are_kept_sealed(db: sqlite3.Connection, tmp_path: Path) -> None:
    put_secret(db, VAULT, "acme", "channel/1", {"page_token": "EAAB-in-the-clear"})
    assert find_secret(db, VAULT, "acme", "channel/1") == {"page_token": "EAAB-in-the-clear"}
    db.close()
    for path in tmp_path.iterdir():
        assert b"EAAB-in-the-clear" not in path.read_bytes()


def test_credentials_copied_into_another_tenants_file_do_not_open(db: sqlite3.Connection) -> None:
    put_secret(db, VAULT, "acme", "channel/1", {"page_token": "a"})
    with pytest.raises(StoreError):
        find_secret(db, VAULT, "rival", "channel/1")
    db.execute("update secret set name = 'channel/2'")
    with pytest.raises(StoreError):
        find_secret(db, VAULT, "acme", "channel/2")
    db.close()


def test_new_credentials_replace_the_old_and_removed_ones_are_gone(db: sqlite3.Connection) -> None:
    put_secret(db, VAULT, "acme", "channel/1", {"page_token": "a"})
    put_secret(db, VAULT, "acme", "channel/1", {"page_token": "b"})
    assert find_secret(db, VAULT, "acme", "channel/1") == {"page_token": "b"}
    delete_secret(db, "channel/1")
    assert find_secret(db, VAULT, "acme", "channel/1") == {}
    db.close()


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_a_key_is_never_readable_by_others_not_even_at_first(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_master_key(tmp_path / "secret.key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
