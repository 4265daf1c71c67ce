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

_NONCE = 12


def load_master_key(path: Path) -> bytes:
    """The installation's key, made at first start; readable by its owner only."""
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != 32:
        raise SettingsError(
            f"{path} is damaged. Put back the copy you kept; without it no credential can be opened."
        )
    return key


def _make_key(path: Path) -> None:
    """Whole or not at all: a first start that is cut off must not leave half a key."""
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first
        os.link(made, path)
    made.unlink()


class Vault:
    """AES-256-GCM. The owner and the name are authenticated, so a sealed value fits nowhere else."""

    def __init__(self, master_key: bytes) -> None:
        self._master_key = master_key

    def seal(self, owner: str, name: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher(owner).encrypt(nonce, plain, name.encode())

    def open(self, owner: str, name: str, sealed: bytes) -> bytes:
        try:
            return self._cipher(owner).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except (InvalidTag, ValueError):  # changed, or cut shorter than its nonce
            raise WrongKey(
                f"The credentials '{name}' of {owner} cannot be opened with this secret.key. "
                "Put back the secret.key they were sealed with, or connect again."
            ) from None

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for `purpose` ('tenant/acme', 'queue')."""
        return HKDF(SHA256(), 32, salt=None, info=f"socialai-hub/{purpose}".encode()).derive(self._master_key)

    def _cipher(self, owner: str) -> AESGCM:
        return AESGCM(self.derive(f"vault/{owner}"))


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
