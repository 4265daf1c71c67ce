"""A sandbox, a hub that only listens, and a client that speaks as the page."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from socialai.sandbox.meta.graph import Sandbox

VERIFY_TOKEN = "the-hubs-own-word"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Hub:
    """Passes the handshake, keeps each body and its headers, answers `statuses` and then 200."""

    def __init__(self, port: int = 0) -> None:
        self.received: list[tuple[bytes, dict[str, str]]] = []
        self.statuses: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/webhooks/facebook/acme"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            welcome = query["hub.mode"] == "subscribe" and query["hub.verify_token"] == VERIFY_TOKEN
            self._answer(200 if welcome else 403, query["hub.challenge"].encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hub.received.append((body, {name.lower(): value for name, value in self.headers.items()}))
            self._answer(hub.statuses.pop(0) if hub.statuses else 200, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock, retry_waits=(0.0, 0.01, 0.02), hold_for=5.0) as running:
        yield running


@pytest.fixture
def hub() -> Iterator[Hub]:
    listening = Hub()
    yield listening
    listening.stop()


@pytest.fixture
def connected(sandbox: Sandbox, hub: Hub) -> Sandbox:
    sandbox.connect(hub.url, VERIFY_TOKEN)
    return sandbox


@pytest.fixture
def graph(sandbox: Sandbox) -> Iterator[httpx.Client]:
    token = sandbox.account().token
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=f"{sandbox.base_url}/v26.0", headers=headers, timeout=10, trust_env=False
    ) as client:
        yield client
