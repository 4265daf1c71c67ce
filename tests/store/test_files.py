import random
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from socialai.errors import InvalidInput, NewerDatabase, NotFound, StoreError
from socialai.metrics import Metrics
from socialai.store.db import Job, connect
from socialai.store.files import Files

LIMIT = 3
TENANTS = [f"tenant-{number}" for number in range(8)]


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    files = Files(tmp_path, Metrics(), LIMIT)
    for tenant_id in TENANTS:
        files.create(tenant_id)
    yield files
    files.close()


def put(name: str) -> Job[None]:
    def run(db: sqlite3.Connection) -> None:
        db.execute("insert into setting (name, value) values (?, '1')", (name,))

    return run


def names(db: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in db.execute("select name from setting order by name")]


def opened(files: Files) -> int:
    return sum(database.is_open for database in files._tenants.values())


def test_each_tenant_has_a_file_of_its_own(files: Files, tmp_path: Path) -> None:
    files.tenant("tenant-1").write(put("a"))
    assert files.tenant("tenant-1").read(names) == ["a"]
    assert files.tenant("tenant-2").read(names) == []
    assert files.path("tenant-1") == tmp_path / "tenants" / "tenant-1" / "tenant.db"


def test_only_so_many_are_open_and_all_of_them_work(files: Files) -> None:
    for number in range(3):
        for tenant_id in TENANTS:
            files.tenant(tenant_id).write(put(str(number)))
            assert opened(files) <= LIMIT + 1  # the one in use comes on top
    assert all(files.tenant(tenant_id).read(names) == ["0", "1", "2"] for tenant_id in TENANTS)


def test_a_database_that_was_put_to_rest_opens_again_for_who_still_has_it(files: Files) -> None:
    kept = files.tenant(TENANTS[0])
    kept.write(put("a"))
    for tenant_id in TENANTS[1:]:
        files.tenant(tenant_id).read(names)
    assert not kept.is_open
    kept.write(put("b"))
    assert kept.read(names) == ["a", "b"]


def test_threads_that_crowd_the_pool_lose_nothing(files: Files) -> None:
    def work(seed: int) -> None:
        tenant_id = random.Random(seed).choice(TENANTS)
        files.tenant(tenant_id).write(put(f"{seed}"))
        assert f"{seed}" in files.tenant(tenant_id).read(names)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(400)))
    assert sum(len(files.tenant(tenant_id).read(names)) for tenant_id in TENANTS) == 400


def test_connections_are_counted(tmp_path: Path) -> None:
    metrics = Metrics()
    files = Files(tmp_path, metrics, LIMIT)
    files.create("acme").write(put("a"))
    assert b'socialai_db_connections_active{database="tenant"} 1.0' in metrics.render()
    files.close()
    assert b'socialai_db_connections_active{database="tenant"} 0.0' in metrics.render()


def test_an_unknown_tenant_is_not_made_by_asking(files: Files, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="'nobody'"):
        files.tenant("nobody")
    assert not (tmp_path / "tenants" / "nobody").exists()


@pytest.mark.parametrize("wrong", ["../app", "a/b", "", ".", "A", "tenant-1/../tenant-2"])
def test_no_id_leads_out_of_the_folder(files: Files, wrong: str) -> None:
    with pytest.raises(InvalidInput):
        files.tenant(wrong)


def test_one_broken_file_leaves_the_others_alone(files: Files) -> None:
    files.tenant("tenant-1").write(put("a"))
    files.forget("tenant-1")
    files.path("tenant-1").write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreError, match="damaged"):
        files.tenant("tenant-1")
    files.tenant("tenant-2").write(put("a"))


def test_a_newer_file_is_refused_alone(files: Files) -> None:
    files.forget("tenant-1")
    db = connect(files.path("tenant-1"))
    db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('tenant', '999_x', '')"
    )
    db.close()
    with pytest.raises(NewerDatabase):
        files.tenant("tenant-1")
    files.tenant("tenant-2").write(put("a"))


def test_a_forgotten_file_can_be_replaced(files: Files) -> None:
    files.tenant("tenant-1").write(put("a"))
    files.forget("tenant-1")
    files.forget("tenant-2")
    shutil.copy(files.path("tenant-1"), files.path("tenant-2"))
    assert files.tenant("tenant-2").read(names) == ["a"]


def test_a_tenant_is_made_once(files: Files) -> None:
    files.tenant("tenant-1").write(put("a"))
    assert files.create("tenant-1").read(names) == ["a"]


def test_nobody_else_may_read_anything(files: Files) -> None:
    files.tenant(TENANTS[0]).write(put("one"))
    folder = files.path(TENANTS[0]).parent
    found = [files.app.path, folder, *folder.iterdir()]
    assert [path.name for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
