"""Two tenants' files and the real encoder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialai.inference.encoder import Encoder
from socialai.knowledge.index import Encode
from socialai.resources import resource
from socialai.store.db import Database
from socialai.store.migrate import migrate

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def encode() -> Encode:
    return Encoder(resource("models", "encoder")).encode


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Database]:
    yield from _tenant(tmp_path / "acme.db")


@pytest.fixture
def rival(tmp_path: Path) -> Iterator[Database]:
    yield from _tenant(tmp_path / "rival.db")


@pytest.fixture
def now() -> datetime:
    return NOW


def _tenant(path: Path) -> Iterator[Database]:
    migrate(path, "tenant")
    db = Database(path)
    yield db
    db.rest()
