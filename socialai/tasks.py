"""The only module that knows Huey. A task is a doorbell: it carries a tenant and a record's id, and the row
in the tenant's file says what is to do; a lost task is rung again by `sweep`."""

import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal

from huey import Huey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from huey.storage import SqliteStorage

from socialai import log
from socialai.errors import DiskFull, StoreBusy, StoreError
from socialai.metrics import Metrics

Job = Literal[
    "process",
    "answer",
    "deliver",
    "attach",
    "poll",
    "renew",
    "check",
    "enrich",
    "index",
    "learn",
    "fetch",
    "gather",
    "mine",
    "compare",
    "examine",
    "back_up",
    "drill",
    "recap",
]
"""Stable names, as tasks in the queue carry them across upgrades."""

Work = Callable[[str, int], None]
_IDLE_SECONDS = 1.0
_TURN_SECONDS = 0.001
"""What the event loop and the thread of a model wait at most for the interpreter while workers think."""
_WATCH_SECONDS = 10.0
_LESS = 15
"""Of -20 to 19."""


class _Storage(SqliteStorage):  # type: ignore[misc]  # huey has no types
    """Workers are woken at once instead of polling; durability is not needed for a doorbell."""

    blocking = True
    begin_sql = "begin immediate"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._rung = threading.Condition()
        self._generation = 0
        super().__init__(*args, **kwargs)

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute("pragma synchronous=NORMAL")
        return connection

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        super().enqueue(data, priority)
        with self._rung:
            self._generation += 1
            self._rung.notify()

    def ring_all(self) -> None:
        with self._rung:
            self._generation += 1
            self._rung.notify_all()

    def is_sound(self) -> bool:
        with self.lock:
            return [tuple(row) for row in self.conn.execute("pragma quick_check(1)")] == [("ok",)]

    def renew(self, put_aside: Callable[[], None]) -> None:
        """Go on with an empty file."""
        with self.lock:
            self.conn.close()
            self._conn = None
            put_aside()
        self.initialize_schema()

    def dequeue(self) -> bytes | None:
        with self._rung:
            seen = self._generation
        data: bytes | None = super().dequeue()
        if data is not None:
            return data
        with self._rung:
            if self._generation == seen:
                self._rung.wait(_IDLE_SECONDS)
        return super().dequeue()  # type: ignore[no-any-return]  # huey has no types


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    def _set_signal_handlers(self) -> None:
        """uvicorn owns the signals."""


class Tasks:
    """`register` work, `start`, then `wake(name, tenant, id)` from anywhere."""

    def __init__(self, path: Path, key: bytes, metrics: Metrics, workers: int) -> None:
        self._path = path
        self._key = key
        self._metrics = metrics
        self._workers = workers
        self._work: dict[str, Any] = {}
        self._unguarded: dict[str, Work] = {}
        self._each_minute: list[Callable[..., None]] = []
        self._huey = self._open()
        self._consumer: _Consumer | None = None
        self._stopping = threading.Event()

    def register(
        self, name: Job, work: Work, *, alone: bool = False, beside: bool = False, gently: bool = False
    ) -> None:
        """`alone`: one at a time for a tenant, as it takes all that waits; a bell meanwhile rings again.
        `beside`: it takes long, or waits for others most of its time, so it holds no worker. `gently`: the
        processor is for others first."""
        self._unguarded[name] = work
        run = _guarded(name, _Alone(work, partial(self.wake, name)) if alone else work)
        self._work[name] = self._huey.task(name=name)(
            self._beside(name, run, gently=gently) if beside else run
        )

    def every_minute(self, name: str, work: Callable[[], None]) -> None:
        guarded = _guarded(name, lambda *_: work())
        self._each_minute.append(guarded)
        self._huey.periodic_task(crontab(minute="*"), name=name)(guarded)

    def wake(self, name: Job, tenant_id: str, record_id: int, delay: float = 0.0) -> None:
        """Ring at once, or after `delay` seconds."""
        task = self._work[name]
        try:
            if delay > 0:
                task.schedule(args=(tenant_id, record_id), delay=delay)
            else:
                task(tenant_id, record_id)
        except Exception as error:  # noqa: BLE001 - nothing is lost: sweep rings again
            log.get().warning("wake-up lost until the next sweep", job=name, error=type(error).__name__)

    def run(self, name: Job, tenant_id: str, record_id: int) -> None:
        """Do it here and now, for someone who waits for it; what goes wrong is raised."""
        self._unguarded[name](tenant_id, record_id)

    def depth(self) -> int:
        count = len(self._huey) + int(self._huey.scheduled_count())
        self._metrics.queue_depth.set(count)
        return count

    def start(self) -> None:
        sys.setswitchinterval(_TURN_SECONDS)
        self._consumer = _Consumer(
            self._huey, workers=self._workers, periodic=True, scheduler_interval=1, flush_locks=True
        )
        self._consumer.start()
        threading.Thread(target=self._watch, name="worker health", daemon=True).start()

    def stop(self, timeout: float) -> None:
        """Let what runs finish, at most `timeout` seconds; what does not is found again by the next sweep."""
        self._stopping.set()
        if self._consumer:
            self._consumer.shutdown_timeout = timeout
            self._consumer.stop_flag.set()
            self._huey.storage.ring_all()
            self._consumer.stop(graceful=True)
        self._huey.storage.close()

    def _beside(self, name: str, work: Callable[..., None], *, gently: bool) -> Callable[..., None]:
        """What still waits when the hub stops is left to wait."""
        target = partial(_gently, work) if gently else work

        def run(*args: Any) -> None:
            if not self._stopping.is_set():
                threading.Thread(target=target, args=args, name=f"{name} beside", daemon=True).start()

        return run

    def _watch(self) -> None:
        while not self._stopping.wait(_WATCH_SECONDS):
            if self._consumer:
                self._consumer.check_worker_health()
            self.mend()

    def mend(self) -> None:
        """A queue that was damaged while in use is put aside too, and its work is rung for again at once."""
        try:
            if self._huey.storage.is_sound():
                return
        except Exception as error:  # noqa: BLE001 - any damage means the same here
            if _is_passing(error):
                return
        log.get().warning("queue put aside", error="damaged while in use")
        self._huey.storage.renew(self._put_aside)
        for work in self._each_minute:
            work()

    def _open(self) -> Huey:
        """A damaged queue is put aside: the rows in the tenants' files are the truth."""
        try:
            return self._connect()
        except Exception as error:  # noqa: BLE001 - any damage means the same here
            if reason := _is_passing(error):
                raise reason(
                    f"{self._path} cannot be used now: {error}. Free it, then start again."
                ) from None
            log.get().warning("queue put aside", error=type(error).__name__)
            self._put_aside()
            return self._connect()

    def _put_aside(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            damaged = self._path.with_name(self._path.name + suffix)
            with suppress(FileNotFoundError):
                damaged.replace(damaged.with_name(f"{damaged.name}.damaged"))

    def _connect(self) -> Huey:
        self._path.touch(mode=0o600)  # SQLite gives its own files beside it the same mode
        huey = Huey(
            "socialai",
            storage_class=_Storage,
            filename=str(self._path),
            serializer=SignedSerializer(secret=self._key.hex()),
            results=False,
            utc=True,
        )
        huey.pending_count()
        return huey


def _is_passing(error: Exception) -> type[StoreError] | None:
    """Another program holds the file, or there is no room: that is not damage."""
    text = str(error).lower() if isinstance(error, sqlite3.OperationalError) else ""
    if "locked" in text or "busy" in text:
        return StoreBusy
    return DiskFull if "full" in text else None


class _Alone:
    def __init__(self, work: Work, again: Work) -> None:
        self._work = work
        self._again = again
        self._lock = threading.Lock()
        self._rung: dict[str, bool] = {}
        """Tenants whose work runs, and whether the bell rang meanwhile."""

    def __call__(self, tenant_id: str, record_id: int) -> None:
        with self._lock:
            if tenant_id in self._rung:
                self._rung[tenant_id] = True
                return
            self._rung[tenant_id] = False
        try:
            self._work(tenant_id, record_id)
        finally:
            with self._lock:
                rung = self._rung.pop(tenant_id)
            if rung:
                self._again(tenant_id, record_id)


def _gently(work: Callable[..., None], *args: Any) -> None:
    """Linux gives a single thread less of the processor; for good, so it must be one that ends with this."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LESS)
    work(*args)


def _guarded(name: str, work: Callable[..., None]) -> Callable[..., None]:
    """A job that fails leaves its row as it is; sweep rings again."""

    def run(*args: Any) -> None:
        try:
            work(*args)
        except StoreError as error:
            log.get().error("job could not use its file", job=name, error=str(error))
        except Exception as error:  # noqa: BLE001 - a worker must live on
            log.get().exception("job failed", job=name, error=type(error).__name__)

    return run
