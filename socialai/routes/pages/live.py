"""What changes while a page is open: a stream of notices, and the frame's own parts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from socialai.feed import Notice
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.render import part, shell

PING_SECONDS = 15.0
GATHER_SECONDS = 0.15
"""A burst is told at once: a page asks once for what it shows, not once for each notice."""
_WAITING = 256
"""Notices for a browser that does not take them; what is over is missed, in `Feed`."""
_READ = needs("conversations:read")


@get("/live", opt=_READ, sync_to_thread=False)
def live(request: Asked) -> ServerSentEvent:
    """Events are named for what changed; their data are the ids of those things."""
    return ServerSentEvent(_messages(hub(request).feed.listen(request.user.tenant_id)))


@get("/live/banner", opt=_READ, sync_to_thread=True)
def banner(request: Asked) -> Response[Any]:
    return part("shell/_live.html", {"shell": shell(request)})


async def _messages(notices: AsyncIterator[Notice]) -> AsyncIterator[ServerSentEventMessage]:
    queue: asyncio.Queue[Notice | None] = asyncio.Queue(_WAITING)
    pump = asyncio.create_task(_pump(notices, queue))
    await asyncio.sleep(0)  # it listens before it says that it is open: what comes between is not lost
    try:
        await asyncio.sleep(0)  # it listens now: who has read "open" misses nothing
        yield ServerSentEventMessage(data=None, comment="open", retry=2000)
        while True:
            try:
                batch = await _gather(queue)
            except TimeoutError:
                yield ServerSentEventMessage(data=None, comment="ping")
                continue
            for change, ids in _grouped(batch).items():
                yield ServerSentEventMessage(data=" ".join(map(str, sorted(ids))), event=change)
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


def _grouped(batch: list[Notice | None]) -> dict[str, set[int]]:
    grouped: dict[str, set[int]] = {}
    for notice in batch:
        if notice is not None:
            grouped.setdefault(notice.change, set()).add(notice.id)
    return grouped


HANDLERS = [live, banner]
