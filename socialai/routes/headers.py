"""Response headers of everything a browser sees."""

from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS: Mapping[str, str] = {
    # Tabler's icons are data: images, its progress bars carry a style attribute; scripts are files of ours.
    "content-security-policy": "default-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
PRIVATE_HEADERS: Mapping[str, str] = {**SAFE_HEADERS, "cache-control": "no-store"}
"""Also of what only the one who asked may see, so no cache keeps it."""

_FOREVER = "public, max-age=31536000, immutable"


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """`send` that adds what the response does not say itself."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableScopeHeaders.from_message(message)
            for name, value in headers.items():
                given.setdefault(name, value)
        await send(message)

    return add


class Headers(ASGIMiddleware):
    scopes = (ScopeType.HTTP,)

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        await next_app(scope, receive, with_headers(send, self._headers))


class Cached(ASGIMiddleware):
    """An asset asked for by its content's hash never changes; any other is asked for again each time."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        hashed = scope["query_string"].startswith(b"v=")

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                lasting = hashed and message["status"] == 200
                given = MutableScopeHeaders.from_message(message)
                given["cache-control"] = _FOREVER if lasting else "no-cache"
            await send(message)

        await next_app(scope, receive, add)
