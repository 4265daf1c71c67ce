"""What a visitor sees, live."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import msgspec
from litestar.response import ServerSentEventMessage

from socialai.actions import visiting
from socialai.actions.visiting import Chat
from socialai.context import App
from socialai.domain.visitor import Visitor
from socialai.feed import Notice
from socialai.routes.bursts import bursts

_SECONDS = 90.0
"""After this the browser asks again, and shows that it may."""


async def states(app: App, chat: Chat, visitor: Visitor) -> AsyncIterator[ServerSentEventMessage]:
    until, before = time.monotonic() + _SECONDS, b""
    async with aclosing(bursts(app.feed.listen(chat.tenant_id))) as heard:
        async for batch in heard:
            looks = not before or await _concerns(batch, app, chat, visitor)
            state = await _state(app, chat, visitor) if looks else before
            if state != before:
                before = state
                yield ServerSentEventMessage(data=state.decode(), event="talk")
            else:
                yield ServerSentEventMessage(data=None, comment="ping")
            if time.monotonic() > until:
                return


async def _state(app: App, chat: Chat, visitor: Visitor) -> bytes:
    return msgspec.json.encode(await asyncio.to_thread(visiting.talk, app, chat, visitor))


async def _concerns(batch: Sequence[Notice], app: App, chat: Chat, visitor: Visitor) -> bool:
    """A shop with much to do shall not have every visitor's window read all the time."""
    changed = {notice.id for notice in batch if notice.change == "conversation"}
    if not changed:
        return False
    return await asyncio.to_thread(visiting.conversation, app, chat, visitor) in changed
