"""What changes while a page is open: a stream of notices, and the frame's own parts."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Response, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from socialai.feed import Notice
from socialai.routes.access import Asked, hub, needs
from socialai.routes.bursts import bursts
from socialai.routes.pages.render import part, shell

_READ = needs("conversations:read")


@get("/live", opt=_READ, sync_to_thread=False)
def live(request: Asked) -> ServerSentEvent:
    """Events are named for what changed; their data are the ids of those things."""
    return ServerSentEvent(_messages(hub(request).feed.listen(request.user.tenant_id)))


@get("/live/banner", opt=_READ, sync_to_thread=True)
def banner(request: Asked) -> Response[Any]:
    return part("shell/_live.html", {"shell": shell(request)})


async def _messages(notices: AsyncIterator[Notice]) -> AsyncIterator[ServerSentEventMessage]:
    says = "open"
    async with aclosing(bursts(notices)) as heard:
        async for batch in heard:
            if not batch:
                yield ServerSentEventMessage(data=None, comment=says, retry=2000)
                says = "ping"
            for change, ids in _grouped(batch).items():
                yield ServerSentEventMessage(data=" ".join(map(str, sorted(ids))), event=change)


def _grouped(batch: list[Notice]) -> dict[str, set[int]]:
    grouped: dict[str, set[int]] = {}
    for notice in batch:
        grouped.setdefault(notice.change, set()).add(notice.id)
    return grouped


HANDLERS = [live, banner]
