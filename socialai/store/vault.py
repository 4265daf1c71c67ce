"""Secrets at rest: sealed with a key derived per tenant from `secret.key`, opened here only."""

import os
import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from socialai.errors import SettingsError, WrongKey

_NONCE, _KEY = 12, 32


def load_master_key(path: Path) -> bytes:
    """The installation's key, made at first start; readable by its owner only. While everything is sealed
    anew the file holds two: the new one and, behind it, the one before."""
    if not path.exists():
        _make_key(path)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}). It must belong to the user that runs the hub, and "
            f"to nobody else: chown it to that user, then chmod 600 {path}"
        ) from None
    if len(key) not in (_KEY, 2 * _KEY):
        raise SettingsError(
            f"{path} is damaged. Put back the copy you kept; without it no credential can be opened."
        )
    return key


def new_key() -> bytes:
    return secrets.token_bytes(_KEY)


def write_key(path: Path, key: bytes) -> None:
    """In the place of the one that is there, whole or not at all."""
    _written(path, key).replace(path)


def _make_key(path: Path) -> None:
    """Whole or not at all: a first start that is cut off must not leave half a key."""
    made = _written(path, new_key())
    with suppress(FileExistsError):  # another process was first
        os.link(made, path)
    made.unlink()


def _written(path: Path, key: bytes) -> Path:
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return made


class Vault:
    """AES-256-GCM. The owner and the name are authenticated, so a sealed value fits nowhere else.

    With `file` the key may be changed while the hub runs: it is looked at before each use.
    """

    def __init__(self, master_key: bytes, file: Path | None = None) -> None:
        self._keys = _parted(master_key)
        self._file = file
        self._seen = _version(file)

    def seal(self, owner: str, name: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + _cipher(self._now()[0], owner).encrypt(nonce, plain, name.encode())

    def open(self, owner: str, name: str, sealed: bytes) -> bytes:
        for key in self._now():
            with suppress(InvalidTag, ValueError):  # changed, or cut shorter than its nonce
                return _cipher(key, owner).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        raise WrongKey(
            f"The credentials '{name}' of {owner} cannot be opened with this secret.key. "
            "Put back the secret.key they were sealed with, or connect again."
        )

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for `purpose` ('tenant/acme', 'queue')."""
        return _derived(self._keys[0], purpose)

    def _now(self) -> tuple[bytes, ...]:
        if self._file and (version := _version(self._file)) != self._seen:
            self._keys, self._seen = _parted(load_master_key(self._file)), version
        return self._keys


def _parted(raw: bytes) -> tuple[bytes, ...]:
    """The newest first."""
    return tuple(raw[at : at + _KEY] for at in range(0, len(raw), _KEY))


def _version(file: Path | None) -> tuple[int, int] | None:
    """None: there is no file now, so what is known goes on."""
    if file is None or not file.exists():
        return None
    status = file.stat()
    return status.st_ino, status.st_mtime_ns


def _cipher(key: bytes, owner: str) -> AESGCM:
    return AESGCM(_derived(key, f"vault/{owner}"))


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY, salt=None, info=f"socialai-hub/{purpose}".encode()).derive(key)


def put_secret(
    db: sqlite3.Connection, vault: Vault, tenant_id: str, name: str, values: dict[str, str]
) -> None:
    sealed = vault.seal(tenant_id, name, msgspec.json.encode(values))
    db.execute(
        """
        insert into secret (name, sealed) values (?, ?)
        on conflict (name) do update set sealed = excluded.sealed
        """,
        (name, sealed),
    )


def find_secret(db: sqlite3.Connection, vault: Vault, tenant_id: str, name: str) -> dict[str, str]:
    row = db.execute("select sealed from secret where name = ?", (name,)).fetchone()
    if row is None:
        return {}
    return msgspec.json.decode(vault.open(tenant_id, name, row["sealed"]), type=dict[str, str])


def delete_secret(db: sqlite3.Connection, name: str) -> None:
    db.execute("delete from secret where name = ?", (name,))
