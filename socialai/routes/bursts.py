"""Notices of the live feed for one stream, a burst at a time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from socialai.feed import Notice

PING_SECONDS = 15.0
GATHER_SECONDS = 0.15
"""A burst is told at once: a page asks once for what it shows, not once for each notice."""
_WAITING = 256
"""Notices for a browser that does not take them; what is over is missed, in `Feed`."""


async def bursts(notices: AsyncIterator[Notice]) -> AsyncGenerator[list[Notice]]:
    """Until the hub stops. The first is empty: from now on nothing is missed; so is one after a silence."""
    queue: asyncio.Queue[Notice | None] = asyncio.Queue(_WAITING)
    pump = asyncio.create_task(_pump(notices, queue))
    await asyncio.sleep(0)  # it listens before it says that it is open: what comes between is not lost
    try:
        await asyncio.sleep(0)  # it listens now
        yield []
        while True:
            try:
                batch = await _gather(queue)
            except TimeoutError:
                yield []
                continue
            yield [notice for notice in batch if notice is not None]
            if None in batch:
                return
    finally:
        pump.cancel()


async def _pump(notices: AsyncIterator[Notice], queue: asyncio.Queue[Notice | None]) -> None:
    async for notice in notices:
        await queue.put(notice)
    await queue.put(None)


async def _gather(queue: asyncio.Queue[Notice | None]) -> list[Notice | None]:
    """What comes within a moment after the first; TimeoutError when nothing comes for a while."""
    batch = [await asyncio.wait_for(queue.get(), PING_SECONDS)]
    if batch[0] is not None:
        await asyncio.sleep(GATHER_SECONDS)
    while not queue.empty():
        batch.append(queue.get_nowait())
    return batch
