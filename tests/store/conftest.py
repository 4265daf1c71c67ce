import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialai.metrics import Metrics
from socialai.store import tenants
from socialai.store.db import connect
from socialai.store.files import Files
from socialai.store.migrate import migrate
from socialai.store.vault import load_master_key
from tests.store.backing_up import fill


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


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Path]:
    """A data directory with acme and rival, a channel, a waiting reply and an event each."""
    data_dir = tmp_path / "hub"
    data_dir.mkdir()
    load_master_key(data_dir / "secret.key")
    (data_dir / "settings.toml").write_text("port = 8701\n")
    files = Files(data_dir, Metrics(), 8)
    for tenant_id in ("acme", "rival"):
        fill(files, tenant_id)
    yield data_dir
    files.close()
