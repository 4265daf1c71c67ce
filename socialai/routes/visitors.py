"""Who may speak to a chat: pages of its own window, and of the sites that its owner named."""

from collections.abc import Mapping

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from socialai.actions.visiting import Chat
from socialai.errors import NotAllowed, NotFound, NotSignedIn
from socialai.platforms.webchat import WebChat
from socialai.routes.access import Asked, Connection, hub
from socialai.routes.headers import with_headers
from socialai.routes.sign_in import is_ours

_ALLOWED = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "600",
}
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "vary": "origin",
}


class FromItsSites(ASGIMiddleware):
    """`scope["chat"]` is the chat of the address. Answers a browser that asks beforehand."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request = Asked(scope, receive)
        chat = scope["chat"] = await _find(request)  # type: ignore[typeddict-unknown-key]  # ours
        told = with_headers(send, {**_HEADERS, **_shared(request, chat)})
        if request.method == "OPTIONS":
            await told({"type": "http.response.start", "status": 204, "headers": []})
            await told({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await next_app(scope, receive, told)


def chat_of(connection: Connection) -> Chat:
    chat: Chat = connection.scope["chat"]  # type: ignore[typeddict-item]  # ours
    return chat


def key_of(connection: Connection) -> str:
    """What the visitor's browser keeps."""
    kind, _, key = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise NotSignedIn("This chat has not been begun yet.")
    return key.strip()


async def _find(request: Asked) -> Chat:
    tenant_id, site = request.path_params["tenant"], request.path_params["site"]
    for adapter in await hub(request).channels.adapters(tenant_id, WebChat.kind):
        if isinstance(adapter, WebChat) and adapter.external_id == site:
            return Chat(tenant_id, adapter)
    raise NotFound("There is no chat at this address.")


def _shared(request: Asked, chat: Chat) -> Mapping[str, str]:
    """What lets a page of an allowed site read the answer; NotAllowed for any other site's."""
    origin = request.headers.get("origin", "")
    if origin.lower() in chat.adapter.config.allowed:
        return {"access-control-allow-origin": origin, **_ALLOWED}
    if request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate":
        return {}  # a frame is being opened: its policy says where it may stand
    if not is_ours(request) or origin == "null":
        raise NotAllowed("This chat does not belong to that site.")
    return {}
