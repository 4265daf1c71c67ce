"""Seal everything with a new secret.key, while a hub may be running.

The file holds both keys meanwhile: whoever opens tries both, whoever seals takes the new one. It holds the
new one alone once nothing is left that only the old one opens, so one that was cut off is gone on with.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from socialai.domain.backup import APP, KEY, tenant_file
from socialai.errors import NotFound, WrongKey
from socialai.store import snapshots, tenants
from socialai.store.db import connect
from socialai.store.vault import Vault, load_master_key, new_key, write_key

_HALF = 32


class Sealed(Struct, frozen=True):
    """A column that holds sealed values: `owner` and `name` are what each was sealed for."""

    table: str
    key: str
    column: str
    owner: str
    name: str


OF_THE_HUB = (
    Sealed("hub_secret", "name", "sealed", "hub", "hub/{}"),
    Sealed("signing_key", "kid", "sealed_private_pem", "app", "signing_key/{}"),
)
OF_A_TENANT = (
    Sealed("secret", "name", "sealed", "{tenant}", "{}"),
    Sealed("oauth_attempt", "id", "sealed", "{tenant}", "attempt/{}"),
)


class Rotated(Struct, frozen=True):
    """`lost`: what neither key opens, which stays as it is."""

    sealed: int
    lost: int
    old_key: bytes


def rotate(data_dir: Path) -> Rotated:
    """NotFound when there is no hub."""
    path = data_dir / KEY
    if not (data_dir / APP).exists() or not path.exists():
        raise NotFound(f"There is no hub in {data_dir}, so there is no key to change.")
    raw = load_master_key(path)
    if len(raw) == _HALF:
        raw = new_key() + raw
        write_key(path, raw)
    new, old = raw[:_HALF], raw[_HALF:]
    sealed = lost = 0
    for _ in range(
        2
    ):  # what a hub sealed with the old one in the moment of the change is found the second time
        again, lost = _reseal(data_dir, Vault(new), Vault(old))
        sealed += again
    write_key(path, new)
    return Rotated(sealed, lost, old)


def _reseal(data_dir: Path, new: Vault, old: Vault) -> tuple[int, int]:
    counts = [0, 0]
    with closing(connect(data_dir / APP)) as db:
        known = [tenant.id for tenant in tenants.tenants(db)]
    places = [(APP, "", OF_THE_HUB), *((tenant_file(each), each, OF_A_TENANT) for each in known)]
    for name, tenant_id, columns in places:
        if (data_dir / name).exists():
            with snapshots.changing(data_dir / name) as db:
                for column in columns:
                    for outcome in _column(db, column, tenant_id, new, old):
                        counts[outcome] += 1
    return counts[0], counts[1]


def _column(db: sqlite3.Connection, it: Sealed, tenant_id: str, new: Vault, old: Vault) -> Iterator[int]:
    """0 for each value that was sealed anew, 1 for each that cannot be opened."""
    rows = db.execute(
        f"select {it.key}, {it.column} from {it.table} where {it.column} is not null"
    ).fetchall()
    for key, sealed in rows:
        owner, name = it.owner.format(tenant=tenant_id), it.name.format(key)
        if _opens(new, owner, name, sealed) is not None:
            continue
        plain = _opens(old, owner, name, sealed)
        if plain is None:
            yield 1
            continue
        sealed = new.seal(owner, name, plain)
        db.execute(f"update {it.table} set {it.column} = ? where {it.key} = ?", (sealed, key))
        yield 0


def _opens(vault: Vault, owner: str, name: str, sealed: bytes) -> bytes | None:
    try:
        return vault.open(owner, name, sealed)
    except WrongKey:
        return None
