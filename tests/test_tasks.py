"""Doorbells: rung at once or later, and whatever happens to queue.db nothing more than a ring is lost."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from socialai.errors import StoreBusy
from socialai.metrics import Metrics
from socialai.tasks import Tasks, Work

KEY = b"k" * 32
SOON = 20.0
"""Seconds; far more than anything here takes, on the slowest machine."""

Make = Callable[..., Tasks]


class Door:
    """Where the bell is: who rang, in order."""

    def __init__(self) -> None:
        self.rung: list[int] = []
        self._changed = threading.Condition()

    def __call__(self, _tenant_id: str, record_id: int) -> None:
        with self._changed:
            self.rung.append(record_id)
            self._changed.notify_all()

    def wait_for(self, *record_ids: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: set(record_ids) <= set(self.rung), SOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.db"


@pytest.fixture
def make(path: Path) -> Iterator[Make]:
    made: list[Tasks] = []

    def build(work: Work, key: bytes = KEY, start: bool = True) -> Tasks:
        tasks = Tasks(path, key, Metrics(), workers=2)
        tasks.register("process", work)
        if start:
            tasks.start()
        made.append(tasks)
        return tasks

    yield build
    for tasks in made:
        tasks.stop(5)


def test_who_is_woken_works_at_once(make: Make) -> None:
    door = Door()
    make(door).wake("process", "acme", 1)
    assert door.wait_for(1)


def test_a_delay_is_waited_for(make: Make) -> None:
    door = Door()
    tasks = make(door)
    tasks.wake("process", "acme", 1, delay=1.0)
    tasks.wake("process", "acme", 2)
    assert door.wait_for(1, 2)
    assert door.rung == [2, 1]


def test_work_that_fails_takes_no_worker_along(make: Make) -> None:
    door = Door()

    def work(tenant_id: str, record_id: int) -> None:
        if record_id < 10:
            raise ZeroDivisionError
        door(tenant_id, record_id)

    tasks = make(work)
    for number in (*range(10), 10):
        tasks.wake("process", "acme", number)
    assert door.wait_for(10)


def test_each_ring_is_heard_by_one_worker(make: Make) -> None:
    door = Door()
    tasks = make(door)
    for number in range(100):
        tasks.wake("process", "acme", number)
    assert door.wait_for(*range(100))
    assert sorted(door.rung) == list(range(100))


def test_who_waits_beside_the_workers_holds_none_of_them(make: Make) -> None:
    door, news = Door(), threading.Event()
    tasks = make(door, start=False)
    tasks.register("poll", lambda *_: door("", -1) if news.wait(SOON) else None, beside=True)
    tasks.start()
    for number in range(10):
        tasks.wake("poll", "acme", number)
    tasks.wake("process", "acme", 1)
    assert door.wait_for(1)
    assert door.rung == [1]
    news.set()
    assert door.wait_for(-1)


def test_rings_outlive_a_stop(make: Make) -> None:
    tasks = make(Door(), start=False)
    tasks.wake("process", "acme", 7)
    tasks.stop(1)
    door = Door()
    make(door)
    assert door.wait_for(7)


def test_a_stop_lets_what_runs_finish(make: Make) -> None:
    began, done = threading.Event(), threading.Event()

    def work(_tenant_id: str, _record_id: int) -> None:
        began.set()
        stopping.wait(SOON)
        done.set()

    stopping = threading.Event()
    tasks = make(work)
    tasks.wake("process", "acme", 1)
    assert began.wait(SOON)
    threading.Timer(0.2, stopping.set).start()
    tasks.stop(SOON)
    assert done.is_set()


def test_a_stop_does_not_wait_for_ever(make: Make) -> None:
    began, end = threading.Event(), threading.Event()

    def work(_tenant_id: str, _record_id: int) -> None:
        began.set()
        end.wait(2 * SOON)

    tasks = make(work)
    tasks.wake("process", "acme", 1)
    assert began.wait(SOON)
    stopped = threading.Thread(target=tasks.stop, args=(0.2,))
    stopped.start()
    stopped.join(SOON)
    assert not stopped.is_alive()
    end.set()


# -- the file


def test_a_queue_that_is_no_database_is_put_aside(make: Make, path: Path) -> None:
    path.write_bytes(b"This is not a database. " * 500)
    door = Door()
    make(door).wake("process", "acme", 1)
    assert door.wait_for(1)
    assert path.with_name("queue.db.damaged").read_bytes().startswith(b"This is not a database.")


def test_a_queue_cut_in_half_is_put_aside(make: Make, path: Path) -> None:
    tasks = make(Door(), start=False)
    for number in range(200):
        tasks.wake("process", "acme", number)
    tasks.stop(1)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100])
    door = Door()
    tasks = make(door)
    tasks.mend()
    tasks.wake("process", "acme", 1000)
    assert door.wait_for(1000)


def test_a_queue_that_another_program_holds_is_left_alone(make: Make, path: Path) -> None:
    make(Door(), start=False).stop(1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("pragma journal_mode=delete")
    other.execute("begin exclusive")
    with pytest.raises(StoreBusy, match=r"queue\.db cannot be used now: database is locked\. Free it"):
        make(Door())
    other.close()
    assert not path.with_name("queue.db.damaged").exists()
    door = Door()
    make(door).wake("process", "acme", 1)
    assert door.wait_for(1)


def test_a_queue_deleted_while_running_goes_on(make: Make, path: Path) -> None:
    door = Door()
    tasks = make(door)
    tasks.wake("process", "acme", 1)
    assert door.wait_for(1)
    for file in path.parent.glob("queue.db*"):
        file.unlink()
    tasks.wake("process", "acme", 2)
    tasks.wake("process", "acme", 3, delay=0.5)
    assert door.wait_for(2, 3)


def test_a_queue_damaged_while_running_is_put_aside_and_rung_for_again(make: Make, path: Path) -> None:
    door = Door()
    tasks = make(door)
    tasks.every_minute("sweep", lambda: tasks.wake("process", "acme", 99))
    for number in range(500):
        tasks.wake("process", "acme", number, delay=3600)
    _overwrite(path)
    tasks.mend()
    assert door.wait_for(99)
    tasks.wake("process", "acme", 1000)
    assert door.wait_for(1000)
    assert path.with_name("queue.db.damaged").exists()


def test_a_sound_queue_is_left_as_it_is(make: Make, path: Path) -> None:
    tasks = make(Door(), start=False)
    tasks.wake("process", "acme", 1)
    tasks.mend()
    assert tasks.depth() == 1
    assert not path.with_name("queue.db.damaged").exists()


def test_rings_signed_with_another_key_are_not_answered(make: Make) -> None:
    """secret.key was replaced: what is in the queue cannot be trusted, and sweep rings for it again."""
    tasks = make(Door(), start=False)
    tasks.wake("process", "acme", 1)
    tasks.stop(1)
    door = Door()
    other = make(door, key=b"o" * 32)
    other.wake("process", "acme", 2)
    assert door.wait_for(2)
    assert door.rung == [2]


def _overwrite(path: Path) -> None:
    """As a bad disk would: the file and its log in place, both nonsense."""
    for name in ("queue.db", "queue.db-wal"):
        file = path.with_name(name)
        if file.exists():
            with file.open("r+b") as handle:
                handle.write(b"\xa5" * file.stat().st_size)
