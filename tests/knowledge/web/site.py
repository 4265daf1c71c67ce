"""A web site on this machine, as tests tell it to be."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Site:
    """`pages`: path → HTML, or a whole answer. Every request is kept in `asked`."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.stopping = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def pages_asked(self) -> list[str]:
        return [path for path in self.asked if path != "/robots.txt"]


class Answer:
    """`drip`: seconds between two bytes of the body."""

    def __init__(
        self,
        body: bytes | str = b"",
        status: int = 200,
        kind: str = "text/html",
        drip: float = 0,
        **headers: str,
    ) -> None:
        self.body = body if isinstance(body, bytes) else body.encode()
        self.status = status
        self.drip = drip
        self.headers = {"content-type": kind} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }


def to(place: str, status: int = 302) -> Answer:
    return Answer(status=status, location=place)


def bomb(size: int) -> Answer:
    return Answer(gzip.compress(b"<p>" + b"a" * size), content_encoding="gzip")


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append({name.lower(): text for name, text in self.headers.items()})
            found = site.pages.get(self.path, Answer("<h1>Not here</h1>", 404))
            self._send(found(self) if callable(found) else found)

        def _send(self, found: Any) -> None:
            answer = found if isinstance(found, Answer) else Answer(found)
            if (etag := answer.headers.get("etag")) and etag == self.headers.get("if-none-match"):
                answer = Answer(status=304)
            self.send_response(answer.status)
            for name, text in answer.headers.items():
                self.send_header(name, text)
            self.send_header("content-length", str(len(answer.body)))
            self.send_header("connection", "close")
            self.end_headers()
            self._write(answer)

        def _write(self, answer: Answer) -> None:
            try:
                if not answer.drip:
                    self.wfile.write(answer.body)
                for byte in answer.body if answer.drip else b"":
                    self.wfile.write(bytes([byte]))
                    if site.stopping.wait(answer.drip):
                        return
            except OSError:
                return

        def log_message(self, format: str, *args: Any) -> None:
            """Not on stderr."""

    return Handler
