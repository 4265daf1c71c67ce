"""The live feed: what changed in a tenant, told to the browsers that look at it."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Literal

from msgspec import Struct

Change = Literal["conversation", "channel", "knowledge", "dead_letter", "intents", "cases", "typing", "stop"]
_WAITING = 256


class Notice(Struct, frozen=True):
    """`id` of the thing that changed; the browser asks for what it shows of it."""

    change: Change
    id: int = 0


class Feed:
    """`tell` from any thread; `listen` on an event loop. A listener too slow to keep up misses notices,
    never blocks anyone: a page asks for the state, not for the history."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[_Listener]] = defaultdict(set)
        self._stopped = False

    def tell(self, tenant_id: str, change: Change, thing_id: int = 0) -> None:
        with self._lock:
            listeners = list(self._listeners.get(tenant_id, ()))
        for listener in listeners:
            listener.put(Notice(change, thing_id))

    def listening(self, tenant_id: str) -> int:
        """How many listen to a tenant's."""
        with self._lock:
            return len(self._listeners.get(tenant_id, ()))

    async def listen(self, tenant_id: str) -> AsyncIterator[Notice]:
        """Notices of one tenant until the hub stops."""
        listener = _Listener(asyncio.get_running_loop())
        with self._lock:
            if self._stopped:
                return
            self._listeners[tenant_id].add(listener)
        try:
            while (notice := await listener.queue.get()).change != "stop":
                yield notice
        finally:
            with self._lock:
                self._listeners[tenant_id].discard(listener)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            listeners = [listener for tenant in self._listeners.values() for listener in tenant]
        for listener in listeners:
            listener.put(Notice("stop"))


class _Listener:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.queue: asyncio.Queue[Notice] = asyncio.Queue(_WAITING)
        self._loop = loop

    def put(self, notice: Notice) -> None:
        with suppress(RuntimeError):  # its loop has ended
            self._loop.call_soon_threadsafe(self._put, notice)

    def _put(self, notice: Notice) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(notice)
