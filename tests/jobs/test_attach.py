"""Files of messages: fetched once from public addresses, kept by what they are, refused with the reason."""

from collections.abc import Iterator
from dataclasses import replace as with_settings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import msgspec
import pytest

from socialai.domain.blob import Blob
from socialai.jobs.attach import attach
from socialai.store import blobs, message_changes
from tests.jobs.desk import Desk

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


class Cdn(BaseHTTPRequestHandler):
    """Answers by the path; `seen` is what was asked."""

    seen: ClassVar[list[str]] = []
    down: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        answers = {"/a.png": (200, PNG), "/gone": (404, b""), "/big": (200, bytes(3_000_000))}
        if self.down:
            self._answer(self.down.pop(), b"")
        elif self.path == "/round":
            self._answer(302, b"", location="/round")
        elif self.path == "/inside":
            self._answer(302, b"", location="http://169.254.169.254/latest/meta-data")
        elif self.path == "/moved":
            self._answer(302, b"", location="/a.png")
        elif self.path == "/page.png":
            self._answer(200, b"<html><script>alert(1)</script></html>")
        else:
            self._answer(*answers[self.path])

    def _answer(self, status: int, content: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("location", location)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def cdn() -> Iterator[str]:
    Cdn.seen, Cdn.down = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cdn)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def allowed(desk: Desk, cdn: str) -> Desk:
    """As if the loopback were the platform's own address."""
    settings = msgspec.structs.replace(
        desk.app.settings, fetch_private=(cdn,), max_attachment_bytes=1024 * 1024
    )
    desk.app = with_settings(desk.app, settings=settings)
    return desk


def fetched(desk: Desk, url: str) -> Blob:
    """Somebody sends a picture; what came of it."""
    picture = {"type": "image", "payload": {"url": url}}
    desk.says("", attachments=[picture])
    desk.ring()
    [message] = desk.messages()
    attach(desk.app, "acme", message.id)
    return found(desk)


def found(desk: Desk) -> Blob:
    [message] = desk.messages()
    [blob] = desk.db.read(lambda db: blobs.of_messages(db, [message.id]))
    return blob


def test_a_picture_is_kept_once_and_goes_with_its_message(allowed: Desk, cdn: str) -> None:
    blob = fetched(allowed, f"http://{cdn}/moved")
    assert (blob.state, blob.media_type, blob.size, blob.is_shown) == ("kept", "image/png", len(PNG), True)
    [message] = allowed.messages()
    attach(allowed.app, "acme", message.id)
    assert Cdn.seen == ["/moved", "/a.png"]
    allowed.db.write(lambda db: message_changes.delete(db, message, allowed.clock()))
    assert allowed.db.read(lambda db: blobs.of_messages(db, [message.id])) == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone", "does not give the file out"),
        ("/big", "larger than 1 MB"),
        ("/round", "round in circles"),
        ("/inside", "not on the public internet"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(allowed: Desk, cdn: str, path: str, why: str) -> None:
    blob = fetched(allowed, f"http://{cdn}{path}")
    assert blob.state == "refused"
    assert why in (blob.reason or "")


def test_an_address_on_this_machine_is_not_asked(desk: Desk, cdn: str) -> None:
    assert "not on the public internet" in (fetched(desk, f"http://{cdn}/a.png").reason or "")
    assert Cdn.seen == []


def test_a_page_that_calls_itself_a_picture_is_none(allowed: Desk, cdn: str) -> None:
    blob = fetched(allowed, f"http://{cdn}/page.png")
    assert (blob.state, blob.is_shown) == ("kept", False)


def test_a_server_that_is_away_is_asked_again_later_and_not_for_ever(allowed: Desk, cdn: str) -> None:
    Cdn.down = [500, 500]
    blob = fetched(allowed, f"http://{cdn}/a.png")
    assert (blob.state, blob.tries) == ("waiting", 1)
    [message] = allowed.messages()
    attach(allowed.app, "acme", message.id)
    assert len(Cdn.seen) == 1
    for _ in range(2):
        allowed.clock.wait(hours=1)
        attach(allowed.app, "acme", message.id)
    assert found(allowed).state == "kept"


def test_a_place_on_the_map_is_no_file(desk: Desk) -> None:
    where = {"type": "location", "payload": {"coordinates": {"lat": 59.9, "long": 10.7}}}
    desk.says("", attachments=[where])
    desk.ring()
    [message] = desk.messages()
    assert desk.db.read(lambda db: blobs.of_messages(db, [message.id])) == []
