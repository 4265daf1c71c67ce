"""Sealed backups: who has the passphrase or the key opens them, nobody else, and no change goes unnoticed."""

import zipfile
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from socialai.errors import InvalidInput
from socialai.store import sealing

WORDS = "green tomato soup"
SECRET = b"a customer's message" * 10_000


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "socialai-all.zip"
    path.write_bytes(SECRET)
    return path


def test_a_passphrase_opens_what_it_closed(plain: Path, tmp_path: Path) -> None:
    sealed = sealing.seal(plain, passphrase=WORDS)
    assert (sealed.name, plain.exists()) == ("socialai-all.sealed.zip", False)
    assert sealed.stat().st_mode & 0o077 == 0
    assert b"customer" not in sealed.read_bytes()
    with sealing.opened(sealed, tmp_path, passphrase=WORDS) as opened:
        assert opened.read_bytes() == SECRET
    assert sorted(path.name for path in tmp_path.iterdir()) == [sealed.name]


def test_another_passphrase_or_none_does_not(plain: Path, tmp_path: Path) -> None:
    sealed = sealing.seal(plain, passphrase=WORDS)
    with (
        pytest.raises(InvalidInput, match="not the one"),
        sealing.opened(sealed, tmp_path, passphrase="x" * 12),
    ):
        pass
    with pytest.raises(InvalidInput, match="sealed with a passphrase"), sealing.opened(sealed, tmp_path):
        pass
    with pytest.raises(InvalidInput, match="at least 10"):
        sealing.check_passphrase("short")


def test_a_key_opens_what_was_sealed_for_it(plain: Path, tmp_path: Path) -> None:
    key, other = Identity.generate(), Identity.generate()
    sealed = sealing.seal(plain, recipient=str(key.to_public()))
    with sealing.opened(sealed, tmp_path, identity=f"# made today\n{key}\n") as opened:
        assert opened.read_bytes() == SECRET
    with (
        pytest.raises(InvalidInput, match="cannot be opened"),
        sealing.opened(sealed, tmp_path, identity=str(other)),
    ):
        pass
    with pytest.raises(InvalidInput, match="--identity"), sealing.opened(sealed, tmp_path):
        pass


def test_a_changed_one_is_refused_and_leaves_nothing(plain: Path, tmp_path: Path) -> None:
    sealed = sealing.seal(plain, passphrase=WORDS)
    with zipfile.ZipFile(sealed) as outer:
        parts = {name: outer.read(name) for name in outer.namelist()}
    body = bytearray(parts["backup.age"])
    body[-100] ^= 1
    with zipfile.ZipFile(sealed, "w") as outer:
        outer.writestr("key.age", parts["key.age"])
        outer.writestr("backup.age", bytes(body))
    with pytest.raises(InvalidInput, match="changed"), sealing.opened(sealed, tmp_path, passphrase=WORDS):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [sealed.name]


def test_what_is_not_sealed_is_itself(plain: Path, tmp_path: Path) -> None:
    with sealing.opened(plain, tmp_path) as opened:
        assert opened == plain
