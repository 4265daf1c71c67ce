"""An OpenAI-compatible endpoint on this machine, that answers as it is told and keeps what it was sent."""

import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import msgspec
import uvicorn

from socialai.cli.serve import listen

Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = Callable[[Send], Awaitable[None]]


class Endpoint:
    """`answers` are used up in order; then it says `said`."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: deque[Answer] = deque()
        self.said = "We ship to Norway."
        self.released = threading.Event()
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        config = uvicorn.Config(self, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()

    @property
    def texts(self) -> str:
        """All that came, as it came."""
        return msgspec.json.encode(self.received).decode()

    def stop(self) -> None:
        self.released.set()
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        body = b""
        while (part := await receive()).get("more_body") or part.get("body"):
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        self.received.append(msgspec.json.decode(body))
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        answer = self.answers.popleft() if self.answers else stream(self.said)
        await answer(send)


def stream(text: str, *, size: int = 3, finish: str | None = "stop") -> Answer:
    """In pieces of a few letters, so that marks are cut in two."""

    async def answer(send: Send) -> None:
        await _start(send, 200, "text/event-stream")
        for at in range(0, len(text), size):
            await _more(send, _event({"choices": [{"delta": {"content": text[at : at + size]}}]}))
        if finish:
            await _more(send, _event({"choices": [{"delta": {}, "finish_reason": finish}]}))
            await _more(send, _event({"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 7}}))
            await _more(send, b"data: [DONE]\n\n")
        await _more(send, b"", last=True)

    return answer


def whole(text: str) -> Answer:
    """As servers do that cannot stream."""
    said = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
    return plain(200, msgspec.json.encode(said), "application/json")


def plain(status: int, body: bytes = b"", kind: str = "text/plain", headers: tuple[Any, ...] = ()) -> Answer:
    async def answer(send: Send) -> None:
        await _start(send, status, kind, headers)
        await _more(send, body, last=True)

    return answer


def hang(endpoint: Endpoint, text: str = "") -> Answer:
    """Say something, then nothing, until the test is over."""

    async def answer(send: Send) -> None:
        await _start(send, 200, "text/event-stream")
        if text:
            await _more(send, _event({"choices": [{"delta": {"content": text}}]}))
        await anyio.to_thread.run_sync(endpoint.released.wait, 60)
        await _more(send, b"", last=True)

    return answer


async def _start(send: Send, status: int, kind: str, headers: tuple[Any, ...] = ()) -> None:
    sent = [(b"content-type", kind.encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": sent})


async def _more(send: Send, body: bytes, *, last: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": not last})


def _event(value: Any) -> bytes:
    return b"data: " + msgspec.json.encode(value) + b"\n\n"
