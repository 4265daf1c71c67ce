"""The async edge: a raw event is durable before it is acknowledged, then a worker is woken.

Deliveries that come while others are being written share the next commit. While they come fast, acknowledging
goes first: the worker is woken when they pause, or after `LONGEST` seconds. The journal holds them meanwhile.
"""

import asyncio
import secrets
from collections import defaultdict
from dataclasses import dataclass

from socialai.domain.clock import Clock
from socialai.domain.event import Delivery
from socialai.store import events
from socialai.store.files import Files
from socialai.tasks import Tasks

LONGEST = 3.0
_PAUSE = 0.05
_FAST = 5
"""Deliveries within a `_PAUSE`."""
_BATCH = 64

_Waiting = tuple[Delivery, asyncio.Future[bool]]


@dataclass
class _Rush:
    """New events of a tenant for which nobody is woken yet."""

    event_id: int
    began: float
    news: int = 0


class Intake:
    """Lives on one event loop."""

    def __init__(self, files: Files, tasks: Tasks, clock: Clock) -> None:
        self._files = files
        self._tasks = tasks
        self._clock = clock
        self._waiting: dict[str, list[_Waiting]] = defaultdict(list)
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._rushes: dict[str, _Rush] = {}

    async def journal(self, tenant_id: str, platform: str, body: bytes) -> bool:
        """Returns once the event is on disk; False when the platform delivered it before."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[bool] = loop.create_future()
        delivery = Delivery(platform, body, secrets.token_hex(8), self._clock())
        self._waiting[tenant_id].append((delivery, kept))
        if tenant_id not in self._writing:
            self._writing[tenant_id] = loop.create_task(self._write(tenant_id))
        return await kept

    async def _write(self, tenant_id: str) -> None:
        while waiting := self._waiting.pop(tenant_id, None):
            for start in range(0, len(waiting), _BATCH):
                await self._commit(tenant_id, waiting[start : start + _BATCH])
        del self._writing[tenant_id]

    async def _commit(self, tenant_id: str, batch: list[_Waiting]) -> None:
        deliveries = [delivery for delivery, _ in batch]
        try:
            ids = await self._files.tenant(tenant_id).awrite(lambda db: events.keep_all(db, deliveries))
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to those who wait
            for _, kept in batch:
                _settle(kept, error)
            return
        for (_, kept), event_id in zip(batch, ids, strict=True):
            _settle(kept, event_id is not None)
        new = [event_id for event_id in ids if event_id is not None]
        if new:
            self._came(tenant_id, new)

    def _came(self, tenant_id: str, event_ids: list[int]) -> None:
        if tenant_id not in self._rushes:
            loop = asyncio.get_running_loop()
            self._rushes[tenant_id] = _Rush(event_ids[0], loop.time())
            loop.call_later(_PAUSE, self._wake, tenant_id)
        self._rushes[tenant_id].news += len(event_ids)

    def _wake(self, tenant_id: str) -> None:
        """One bell for all of them: `process` takes whatever waits."""
        loop, rush = asyncio.get_running_loop(), self._rushes[tenant_id]
        if rush.news > _FAST and loop.time() - rush.began < LONGEST:
            rush.news = 0
            loop.call_later(_PAUSE, self._wake, tenant_id)
            return
        del self._rushes[tenant_id]
        self._tasks.wake("process", tenant_id, rush.event_id)


def _settle(kept: asyncio.Future[bool], outcome: bool | Exception) -> None:
    """Whoever waited may have gone."""
    if kept.done():
        return
    if isinstance(outcome, Exception):
        kept.set_exception(outcome)
    else:
        kept.set_result(outcome)
