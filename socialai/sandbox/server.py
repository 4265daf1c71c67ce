"""A web server in a thread of its own, on loopback."""

import asyncio
import contextlib
import socket
import threading
from typing import Any

import uvicorn
from litestar import Litestar, Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

START_TIMEOUT = 10.0
STOP_TIMEOUT = 10.0


class _Uvicorn(uvicorn.Server):
    """Off the main thread uvicorn leaves signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class Server:
    """Serves `app`; `hold` and `cut` let an endpoint misbehave on its connection."""

    def __init__(self, app: Litestar, port: int = 0, hold_for: float = 30.0) -> None:
        config = uvicorn.Config(
            app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._uvicorn = _Uvicorn(config)
        self._port = port
        self._hold_for = hold_for
        self._held: set[asyncio.Task[Any]] = set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> str:
        """Serve; the base URL."""
        # asyncio sets TCP_NODELAY only if the protocol is named; without it an answer takes 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._thread = threading.Thread(
            target=self._run, args=(listener,), name="sandbox-server", daemon=True
        )
        self._thread.start()
        if not self._uvicorn.ready.wait(START_TIMEOUT):
            raise RuntimeError("The sandbox's web server did not start.")
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    def stop(self) -> None:
        if self._thread is None or self._loop is None:
            return
        self._uvicorn.should_exit = True
        self._loop.call_soon_threadsafe(self._release)
        self._thread.join(STOP_TIMEOUT)

    async def hold(self, request: Request[Any, Any, Any]) -> None:
        """Until the client gives up, at most `hold_for` seconds."""
        gone = asyncio.ensure_future(request.receive())
        self._held.add(gone)
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(gone, self._hold_for)
        self._held.discard(gone)

    def cut(self, request: Request[Any, Any, Any]) -> None:
        """Close the connection without a word."""
        client = request.client
        for connection in list(self._uvicorn.server_state.connections):
            known = connection.client if isinstance(connection, HttpToolsProtocol) else None
            if client and known == (client.host, client.port):
                connection.transport.abort()

    def _run(self, listener: socket.socket) -> None:
        asyncio.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        await self._uvicorn.serve([listener])

    def _release(self) -> None:
        for waiting in self._held:
            waiting.cancel()
