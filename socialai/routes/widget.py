"""The chat on the shop's own site: its window, and what a visitor does there."""

import asyncio
from typing import Annotated, Any

from litestar import Response, get, post, route
from litestar.enums import HttpMethod
from litestar.params import JSONBody, QueryParameter
from litestar.response import ServerSentEvent, Template

from socialai.actions import visiting, visitor_words
from socialai.actions.visiting import Talk
from socialai.actions.visitor_words import Said
from socialai.domain.visitor import FILE_BYTES
from socialai.errors import Overloaded
from socialai.intake import Intake
from socialai.platforms.webchat import WebChat
from socialai.routes import widget_words
from socialai.routes.access import Asked, hub
from socialai.routes.sign_in import address
from socialai.routes.visitors import chat_of, key_of
from socialai.routes.widget_stream import states

_HERE = "/widget/{tenant:str}/{site:str}"
_MOST_STREAMS = 500
_TALK_COST, _TYPING_COST = 1.0, 0.2
_LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})
"""Whoever comes through the tunnel or a proxy comes from here: it says nothing of them."""


@get(_HERE, sync_to_thread=True)
def window(request: Asked) -> Template:
    """What the shop's page shows in a frame; only pages of its sites can."""
    chat = chat_of(request)
    config = chat.adapter.config
    language = widget_words.choose(config.language, request.headers.get("accept-language", ""))
    about = {
        "title": config.title,
        "greeting": config.greeting,
        "colour": config.colour,
        "asks": config.asks or config.insists,
        "insists": config.insists,
        "privacy": config.privacy_url,
        "files": config.files,
        "open": visiting.is_staffed(hub(request), chat),
        "sites": config.allowed,
        "words": widget_words.words(language),
    }
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors 'self' {' '.join(config.allowed)}"
    )
    context = {"about": about, "language": language, "title": config.title}
    return Template("widget/page.html", context=context, headers={"content-security-policy": policy})


@post(f"{_HERE}/visitors", status_code=201, sync_to_thread=True)
def begin(request: Asked) -> dict[str, str]:
    came_from = address(request)
    known = "" if came_from in _LOOPBACK else came_from
    return {"key": visiting.begin(hub(request), chat_of(request), known)}


@get(f"{_HERE}/messages", sync_to_thread=True)
def messages(request: Asked) -> Talk:
    app, chat = hub(request), chat_of(request)
    return visiting.talk(app, chat, visiting.admit(app, chat, key_of(request), _TALK_COST))


@post(f"{_HERE}/messages", status_code=202)
async def write(request: Asked, data: JSONBody[Said]) -> dict[str, str]:
    """On disk before it is acknowledged, like any platform's delivery."""
    app, chat = hub(request), chat_of(request)

    def check() -> bytes:
        visitor = visiting.admit(app, chat, key_of(request))
        return visitor_words.message(app, chat, visitor, data)

    await _journal(request, await asyncio.to_thread(check))
    return {"id": data.id}


@post(f"{_HERE}/seen", status_code=204)
async def seen(request: Asked) -> None:
    app, chat = hub(request), chat_of(request)

    def check() -> bytes:
        return visitor_words.seen(app, chat, visiting.admit(app, chat, key_of(request)))

    await _journal(request, await asyncio.to_thread(check))


@post(f"{_HERE}/typing", status_code=204, sync_to_thread=True)
def typing(request: Asked) -> None:
    app, chat = hub(request), chat_of(request)
    visitor = visiting.admit(app, chat, key_of(request), _TYPING_COST)
    if (number := visiting.conversation(app, chat, visitor)) is not None:
        app.feed.tell(chat.tenant_id, "typing", number)


@post(f"{_HERE}/files", status_code=201, request_max_body_size=FILE_BYTES + 1024)
async def upload(request: Asked, name: Annotated[str, QueryParameter(max_length=300)] = "") -> dict[str, str]:
    """The body is the file."""
    app, chat = hub(request), chat_of(request)
    visitor = await asyncio.to_thread(visiting.admit, app, chat, key_of(request))
    content = await request.body()
    return {"ref": await asyncio.to_thread(visitor_words.upload, app, chat, visitor, name, content)}


@get(f"{_HERE}/stream")
async def stream(request: Asked) -> ServerSentEvent:
    """What the visitor sees, again whenever it changes; who is turned away asks from time to time."""
    app, chat = hub(request), chat_of(request)
    visitor = await asyncio.to_thread(visiting.admit, app, chat, key_of(request))
    if app.feed.listening(chat.tenant_id) >= _MOST_STREAMS:
        raise Overloaded("Too many look at once. Ask from time to time instead.")
    return ServerSentEvent(states(app, chat, visitor), headers={"x-accel-buffering": "no"})


@route(
    [f"{_HERE}/{end}" for end in ("visitors", "messages", "seen", "typing", "files", "stream")],
    http_method=HttpMethod.OPTIONS,
    sync_to_thread=False,
)
def asked_beforehand() -> Response[Any]:
    """`FromItsSites` answers."""
    return Response(None, status_code=204)


async def _journal(request: Asked, body: bytes) -> None:
    intake: Intake = request.app.state["intake"]
    new = await intake.journal(chat_of(request).tenant_id, WebChat.kind, body)
    hub(request).metrics.intake.labels(WebChat.kind, "kept" if new else "repeated").inc()


HANDLERS = [window, begin, messages, write, seen, typing, upload, stream, asked_beforehand]
