import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialai.store import tenants
from socialai.store.db import connect
from socialai.store.migrate import migrate


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def app_db(tmp_path: Path, now: datetime) -> Iterator[sqlite3.Connection]:
    """app.db with the tenants acme and rival."""
    migrate(tmp_path / "app.db", "app")
    db = connect(tmp_path / "app.db")
    tenants.create(db, "acme", "Acme", now)
    tenants.create(db, "rival", "Rival", now)
    yield db
    db.close()
