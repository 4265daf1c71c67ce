"""What changes while a page is open: a stream of notices, and the frame's own parts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from socialai.context import App
from socialai.feed import Notice
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.render import part, shell

PING_SECONDS = 15.0
_READ = needs("conversations:read")


@get("/live", opt=_READ, sync_to_thread=False)
def live(request: Asked) -> ServerSentEvent:
    """Events are named for what changed; a conversation's also for which one."""
    headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
    return ServerSentEvent(_messages(hub(request), request.user.tenant_id), headers=headers)


@get("/live/banner", opt=_READ, sync_to_thread=True)
def banner(request: Asked) -> Response[Any]:
    return part("shell/_live.html", {"shell": shell(request)})


async def _messages(app: App, tenant_id: str) -> AsyncIterator[ServerSentEventMessage]:
    notices = app.feed.listen(tenant_id)
    waiting = asyncio.ensure_future(anext(notices))
    yield ServerSentEventMessage(comment="open", retry=2000)
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=PING_SECONDS)
            if not done:
                yield ServerSentEventMessage(comment="ping")
                continue
            try:
                notice = waiting.result()
            except StopAsyncIteration:
                return
            waiting = asyncio.ensure_future(anext(notices))
            for message in _named(notice):
                yield message
    finally:
        waiting.cancel()


def _named(notice: Notice) -> list[ServerSentEventMessage]:
    data = str(notice.id)
    messages = [ServerSentEventMessage(data=data, event=notice.change)]
    if notice.change == "conversation":
        messages.append(ServerSentEventMessage(data=data, event=f"conversation-{notice.id}"))
    return messages


HANDLERS = [live, banner]
