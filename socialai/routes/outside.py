"""What comes through the tunnel sees what platforms and visitors need, and the pages if the owner says so."""

from litestar.types import ASGIApp, Receive, Scope, Send

from socialai.outside import Outside

_HIDDEN = b"There is nothing here."


class ThroughTunnel:
    """Before everything else: what is not admitted costs nothing and learns nothing."""

    def __init__(self, site: ASGIApp, outside: Outside) -> None:
        self._site = site
        self._outside = outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_hidden(scope):
            await send(
                {
                    "type": "http.response.start",
                    "status": 404,
                    "headers": [(b"content-type", b"text/plain; charset=utf-8")],
                }
            )
            await send({"type": "http.response.body", "body": _HIDDEN, "more_body": False})
            return
        await self._site(scope, receive, send)

    def _is_hidden(self, scope: Scope) -> bool:
        if str(scope["type"]) != "http":
            return False
        server = scope["server"]
        came_through = server is not None and server[1] == self._outside.port != 0
        return came_through and not self._outside.admits(scope["path"])
