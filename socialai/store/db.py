"""One SQLite file: a writer thread that commits in groups, and a few read-only connections.

`write(job)` runs `job(connection)` in the writer and returns after its commit is durable. Jobs that wait
at the same time share one transaction; each has a savepoint, so that one that fails takes no other along.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import sqlite_vec
from prometheus_client import Gauge

from socialai.errors import DiskFull, HubError, StoreBusy, StoreError

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
_Waiter = Future[Any] | asyncio.Future[Any]
_Waiting = tuple[Job[Any], _Waiter]
_BATCH = 256
_FILE_ERRORS = (sqlite3.OperationalError, sqlite3.DatabaseError)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with our pragmas and sqlite-vec; transactions are always explicit."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    try:
        db.row_factory = sqlite3.Row
        db.enable_load_extension(True)
        sqlite_vec.load(db)
        db.enable_load_extension(False)
        for pragma in (
            "busy_timeout=5000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-4000",
            "journal_size_limit=67108864",
            "trusted_schema=OFF",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            db.execute(f"pragma {pragma}")
    except BaseException:
        db.close()
        raise
    return db


class Database:
    """Handles open on first use and can be put to rest at any time; the next use opens them again."""

    def __init__(self, path: Path, gauge: Gauge | None = None, readers: int = 3) -> None:
        self.path = path
        self._gauge = gauge
        self._lock = threading.Lock()
        self._writer: _Writer | None = None
        self._readers = _Readers(path, readers, self._count)

    @property
    def is_open(self) -> bool:
        return self._writer is not None or self._readers.opened > 0

    def write(self, job: Job[T]) -> T:
        return self.put(job).result()

    def put(self, job: Job[T]) -> Future[T]:
        """As `write`, for who has more to do meanwhile."""
        return self.put_all([job])[0]

    def put_all(self, jobs: Sequence[Job[T]]) -> list[Future[T]]:
        """These share a transaction, however soon the writer comes for them."""
        waiters: list[Future[T]] = [Future() for _ in jobs]
        self._put(list(zip(jobs, waiters, strict=True)))
        return waiters

    async def awrite(self, job: Job[T]) -> T:
        waiter: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put([(job, waiter)])
        return await waiter

    def read(self, job: Job[T]) -> T:
        with _plain_errors(self.path):
            return self._readers.run(job)

    async def aread(self, job: Job[T]) -> T:
        return await asyncio.to_thread(self.read, job)

    def rest(self) -> None:
        """Finish what waits, then close every handle."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer:
                writer.stop()
                self._count(-1)
            self._readers.rest()

    def _put(self, waiting: Sequence["_Waiting"]) -> None:
        with self._lock:
            if self._writer is None:
                with _plain_errors(self.path):
                    self._writer = _Writer(self.path)
                self._count(1)
            self._writer.queue.put(waiting)

    def _count(self, change: int) -> None:
        if self._gauge:
            self._gauge.inc(change)


class _Writer:
    def __init__(self, path: Path) -> None:
        self.queue: SimpleQueue[Sequence[_Waiting] | None] = SimpleQueue()
        self._path = path
        self._db = connect(path)
        self._thread = threading.Thread(target=self._run, name=f"writer {path.parent.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._gather()
            if batch:
                self._commit(batch)
        with suppress(sqlite3.Error):
            self._db.execute("pragma optimize")
        self._db.close()

    def _gather(self) -> tuple[list[_Waiting], bool]:
        batch: list[_Waiting] = []
        item = self.queue.get()
        while item is not None:
            batch += item
            if len(batch) >= _BATCH:
                return batch, True
            try:
                item = self.queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with _plain_errors(self._path):
                self._db.execute("begin immediate")
                outcomes = [self._attempt(job) for job, _ in batch]
                self._db.execute("commit")
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to those who wait, not to this thread
            self._abandon()
            outcomes = [_Failed(error)] * len(batch)
        _resolve([(waiter, outcome) for (_, waiter), outcome in zip(batch, outcomes, strict=True)])

    def _attempt(self, job: Job[Any]) -> Any:
        self._db.execute("savepoint job")
        try:
            value = job(self._db)
        except Exception as error:
            if not self._db.in_transaction:  # SQLite gave up the whole transaction, as it does on a full disk
                raise
            self._db.execute("rollback to job")
            self._db.execute("release job")
            return _Failed(_plainly(error, self._path))
        self._db.execute("release job")
        return value

    def _abandon(self) -> None:
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("rollback")


class _Failed:
    def __init__(self, error: Exception) -> None:
        self.error = error


def _resolve(outcomes: list[tuple[_Waiter, Any]]) -> None:
    """Threads at once; each event loop with one wake-up for the whole batch."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[_Waiter, Any]]] = {}
    for waiter, outcome in outcomes:
        if isinstance(waiter, asyncio.Future):
            loops.setdefault(waiter.get_loop(), []).append((waiter, outcome))
        else:
            _settle(waiter, outcome)
    for loop, settled in loops.items():
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(outcomes: list[tuple[_Waiter, Any]]) -> None:
    for waiter, outcome in outcomes:
        _settle(waiter, outcome)


def _settle(waiter: _Waiter, outcome: Any) -> None:
    if waiter.done():
        return
    if isinstance(outcome, _Failed):
        waiter.set_exception(outcome.error)
    else:
        waiter.set_result(outcome)


class _Readers:
    """At most `limit` read-only connections, opened as they are needed."""

    def __init__(self, path: Path, limit: int, count: Callable[[int], None]) -> None:
        self._path = path
        self._free: list[sqlite3.Connection] = []
        self._places = threading.BoundedSemaphore(limit)
        self._count = count
        self.opened = 0

    def run(self, job: Job[T]) -> T:
        with self._places:
            db = self._take()
            try:
                db.execute("begin")
                return job(db)
            finally:
                if db.in_transaction:
                    db.execute("rollback")
                self._free.append(db)

    def rest(self) -> None:
        while self._free:
            with suppress(IndexError):
                self._free.pop().close()
                self.opened -= 1
                self._count(-1)

    def _take(self) -> sqlite3.Connection:
        try:
            return self._free.pop()
        except IndexError:
            db = connect(self._path, read_only=True)
            self.opened += 1
            self._count(1)
            return db


class _plain_errors:  # noqa: N801 - reads as a statement where it is used
    """SQLite's errors in our words."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.Error) and not isinstance(error, HubError):
            raise plain_error(error, self._path) from error


def _plainly(error: Exception, path: Path) -> Exception:
    """What the file or its disk did to a job in our words; what the job did wrong stays as it is."""
    if not isinstance(error, sqlite3.Error) or type(error) not in _FILE_ERRORS:
        return error
    plain = plain_error(error, path)
    plain.__cause__ = error
    return plain


def plain_error(error: sqlite3.Error, path: Path) -> StoreError:
    text = str(error).lower()
    if "disk is full" in text or "disk i/o error" in text:
        return DiskFull(f"The disk that holds {path} is full. Free some space; nothing accepted was lost.")
    if "locked" in text or "busy" in text:
        return StoreBusy(f"Another program holds {path}. Close it, then try again.")
    if "not a database" in text or "malformed" in text:
        return StoreError(f"{path} is damaged. Restore it from a backup: socialai restore --help.")
    return StoreError(f"{path}: {error}")
