import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Gauge

from socialai.errors import Conflict, DiskFull, StoreBusy, StoreError
from socialai.store.db import Database, Job, connect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    db = connect(tmp_path / "hub.db")
    db.execute("create table note (id integer primary key, text text not null unique)")
    db.close()
    return tmp_path / "hub.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path)
    yield database
    database.rest()


def add(text: str) -> Job[int]:
    def run(db: sqlite3.Connection) -> int:
        return int(db.execute("insert into note (text) values (?) returning id", (text,)).fetchone()["id"])

    return run


def texts(db: sqlite3.Connection) -> list[str]:
    return [row["text"] for row in db.execute("select text from note order by id")]


def test_what_is_written_can_be_read(database: Database) -> None:
    assert database.write(add("a")) == 1
    assert database.read(texts) == ["a"]


def test_jobs_that_wait_at_the_same_time_share_one_commit(database: Database) -> None:
    """The first job holds the writer until the others wait; none of them sees another's row as committed."""
    entered, go_on = threading.Event(), threading.Event()

    def hold(_: sqlite3.Connection) -> None:
        entered.set()
        go_on.wait(10)

    def committed_before(text: str) -> Job[list[str]]:
        def run(db: sqlite3.Connection) -> list[str]:
            add(text)(db)
            return database.read(texts)

        return run

    async def several() -> list[list[str]]:
        holding = asyncio.ensure_future(database.awrite(hold))
        jobs = [committed_before(f"note {number}") for number in range(30)]
        waiting = [asyncio.ensure_future(database.awrite(job)) for job in jobs]
        await asyncio.to_thread(entered.wait, 10)
        go_on.set()
        await holding
        return await asyncio.gather(*waiting)

    assert asyncio.run(several()) == [[]] * 30
    assert len(database.read(texts)) == 30


def test_jobs_put_together_share_one_transaction(database: Database) -> None:
    def seen_by_others(text: str) -> Job[list[str]]:
        def run(db: sqlite3.Connection) -> list[str]:
            add(text)(db)
            return database.read(texts)

        return run

    assert [put.result() for put in database.put_all([seen_by_others("a"), seen_by_others("b")])] == [[], []]
    assert database.read(texts) == ["a", "b"]


def test_one_of_several_put_together_fails_alone(database: Database) -> None:
    first, same, other = database.put_all([add("a"), add("a"), add("b")])
    with pytest.raises(sqlite3.IntegrityError):
        same.result()
    assert (first.result(), other.result()) == (1, 2)
    assert database.put_all([]) == []


def test_one_failing_job_takes_no_other_along(database: Database) -> None:
    database.write(add("there"))

    def half(db: sqlite3.Connection) -> None:
        add("half")(db)
        raise Conflict("no")

    async def several() -> list[object]:
        jobs = [add("a"), half, add("there"), add("b")]
        return await asyncio.gather(*(database.awrite(job) for job in jobs), return_exceptions=True)

    first, second, third, fourth = asyncio.run(several())
    assert isinstance(first, int)
    assert isinstance(second, Conflict)
    assert isinstance(third, sqlite3.IntegrityError)
    assert isinstance(fourth, int)
    assert database.read(texts) == ["there", "a", "b"]


def test_an_await_ends_only_after_the_commit(database: Database, path: Path) -> None:
    async def write() -> int:
        await database.awrite(add("a"))
        other = connect(path, read_only=True)
        try:
            return len(texts(other))
        finally:
            other.close()

    assert asyncio.run(write()) == 1


def test_whoever_no_longer_waits_does_not_disturb_the_others(database: Database) -> None:
    async def give_up() -> None:
        waiting = asyncio.ensure_future(database.awrite(add("a")))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(give_up())
    database.write(add("b"))
    assert database.read(texts)[-1] == "b"


def test_many_threads_lose_nothing(database: Database) -> None:
    with ThreadPoolExecutor(32) as pool:
        ids = list(pool.map(lambda number: database.write(add(f"note {number}")), range(2000)))
    assert sorted(ids) == list(range(1, 2001))
    assert len(database.read(texts)) == 2000


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError, match="readonly"):
        database.read(add("a"))
    assert database.read(texts) == []


def test_a_read_sees_one_moment(database: Database) -> None:
    database.write(add("a"))

    def twice(db: sqlite3.Connection) -> tuple[int, int]:
        before = len(texts(db))
        database.write(add("b"))
        return before, len(texts(db))

    assert database.read(twice) == (1, 1)


def test_at_rest_every_handle_is_closed_and_the_next_use_opens_them(path: Path) -> None:
    gauge = Gauge("open", "", registry=CollectorRegistry())
    database = Database(path, gauge)
    assert not database.is_open
    database.write(add("a"))
    database.read(texts)
    assert gauge._value.get() == 2
    database.rest()
    assert not database.is_open
    assert gauge._value.get() == 0
    assert not path.with_name("hub.db-wal").exists()
    assert database.read(texts) == ["a"]
    database.rest()


def test_rest_finishes_what_waits(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        written = [pool.submit(database.write, add(f"{number}")) for number in range(100)]
        database.rest()
        assert all(future.result(10) for future in written)


_HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("begin immediate")
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_file_that_another_process_holds_is_said_and_works_again_afterwards(
    database: Database, path: Path
) -> None:
    def hurry(db: sqlite3.Connection) -> None:
        db.execute("pragma busy_timeout = 50")

    database.write(hurry)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy, match="Another program holds"):
            database.write(add("a"))
        other.stdin.write("\n")
    assert database.write(add("a")) == 1


def test_a_full_disk_is_said_and_nothing_kept_is_lost(database: Database) -> None:
    database.write(add("before"))

    def limit(pages: int) -> None:
        database.write(lambda db: db.execute(f"pragma max_page_count = {pages}").fetchone())

    limit(1)
    with pytest.raises(DiskFull, match="Free some space"):
        database.write(lambda db: db.execute("insert into note (text) values (?)", ("x" * 100_000,)))
    limit(100_000)
    database.write(add("after"))
    assert database.read(texts) == ["before", "after"]


def test_everyone_in_a_group_is_told_that_the_disk_is_full(database: Database) -> None:
    async def several() -> list[object]:
        await database.awrite(lambda db: db.execute("pragma max_page_count = 1").fetchone())
        big = [add(f"{number}" + "x" * 50_000) for number in range(5)]
        return await asyncio.gather(*(database.awrite(job) for job in big), return_exceptions=True)

    assert all(isinstance(outcome, DiskFull) for outcome in asyncio.run(several()))
    assert len(database.read(texts)) == 0


@pytest.mark.parametrize("content", [b"nonsense" * 1000, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_said_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.db").write_bytes(content)
    database = Database(tmp_path / "bad.db")
    for use in (lambda: database.read(texts), lambda: database.write(add("a"))):
        with pytest.raises(StoreError, match=r"damaged\. Restore it from a backup"):
            use()
    database.rest()


def test_a_folder_that_is_gone_is_a_plain_error(tmp_path: Path) -> None:
    database = Database(tmp_path / "gone" / "hub.db")
    with pytest.raises(StoreError):
        database.write(add("a"))
    with pytest.raises(StoreError):
        database.read(texts)


def test_what_is_acknowledged_survives_a_killed_process(path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
import socialai
from socialai.store.db import Database
database = Database(Path(sys.argv[1]))
for number in range(200):
    database.write(lambda db: db.execute("insert into note (text) values (?)", (str(number),)))
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    database = Database(path)
    assert set(done.stdout.split()) <= set(database.read(texts))
    assert len(done.stdout.split()) == 200
    database.rest()
