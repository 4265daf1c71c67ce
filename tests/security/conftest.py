"""The cast at the gate: acme's people, and rival, whom nothing done at acme may ever touch."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric import rsa

from socialai.domain.user import User
from socialai.security import accounts
from socialai.security.gate import Gate, build_gate
from socialai.security.passwords import Passwords
from socialai.security.permissions import Principal, operator, principal_of
from socialai.security.signing import open_private
from socialai.settings import Settings
from socialai.store import sessions, users
from socialai.store.db import Database
from socialai.store.migrate import migrate
from socialai.store.signing_keys import signing_keys
from socialai.store.vault import Vault

PASSWORD = "green tomato soup"
START = datetime(2026, 11, 23, 8, 0, 0, 250_000, tzinfo=UTC)
CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(b"k" * 32)


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture(scope="session")
def cast_file(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """Made once: a key takes its time."""
    path = tmp_path_factory.mktemp("cast") / "app.db"
    gate = _gate(path, vault, Clock())
    for tenant_id, owner in (("acme", "olga@acme.example"), ("rival", "rita@rival.example")):
        accounts.add_tenant(gate, tenant_id, tenant_id.title(), owner, owner.partition("@")[0], PASSWORD)
    for role, name in (("admin", "adam"), ("agent", "anna"), ("viewer", "vera")):
        accounts.add_user(gate, operator("acme"), f"{name}@acme.example", name, role, PASSWORD)
    gate.app.rest()
    return path


@pytest.fixture
def gate(tmp_path: Path, cast_file: Path, vault: Vault, clock: Clock) -> Iterator[Gate]:
    path = shutil.copy(cast_file, tmp_path / "app.db")
    gate = _gate(path, vault, clock)
    rita = gate.app.read(lambda db: users.users(db, "rival"))[0]
    gate.app.write(lambda db: sessions.create(db, rita.id, START, 24 * 14))
    before = gate.app.read(_rival)
    yield gate
    assert gate.app.read(_rival) == before, "rival was touched"
    gate.app.rest()


@pytest.fixture
def empty_gate(tmp_path: Path, vault: Vault, clock: Clock) -> Iterator[Gate]:
    gate = _gate(tmp_path / "empty.db", vault, clock)
    yield gate
    gate.app.rest()


@pytest.fixture
def people(gate: Gate) -> dict[str, User]:
    everyone = gate.app.read(lambda db: users.users(db, "acme") + users.users(db, "rival"))
    return {user.name: user for user in everyone}


@pytest.fixture
def actors(people: dict[str, User]) -> dict[str, Principal]:
    return {name: principal_of(user) for name, user in people.items()}


def _gate(path: Path, vault: Vault, clock: Clock) -> Gate:
    migrate(path, "app")
    settings = Settings(data_dir=path.parent)
    return build_gate(Database(path), vault, settings, clock, Passwords(PasswordHasher(**CHEAP)))


def _rival(db: Any) -> list[tuple[Any, ...]]:
    rows = db.execute(
        "select user.*, session.* from user left join session on session.user_id = user.id"
        " where tenant_id = 'rival'"
    )
    return [tuple(row) for row in rows]


@pytest.fixture
def private(gate: Gate, vault: Vault) -> rsa.RSAPrivateKey:
    return open_private(vault, gate.app.read(signing_keys)[0])


@pytest.fixture
def kid(gate: Gate) -> str:
    return gate.app.read(signing_keys)[0].kid
