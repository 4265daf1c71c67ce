"""A load generator in a process of its own: `load.py PORT CONNECTIONS FILE` prints one JSON line.

Run as a script, it imports nothing of the hub. FILE holds whole HTTP requests, each after its length in four
bytes; every connection sends its next one as soon as the last is answered.
"""

import asyncio
import json
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

import httptools

_LENGTH = struct.Struct("<I")


def pack(requests: list[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(request)) + request for request in requests)


def unpack(packed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(packed):
        (size,) = _LENGTH.unpack_from(packed, at)
        at += _LENGTH.size
        yield packed[at : at + size]
        at += size


class _Run:
    """What all connections share: requests to send, and what came of them."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.accepted = 0
        self.refused = 0
        self.seconds: list[float] = []


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run, done: asyncio.Future[None]) -> None:
        self._run = run
        self._done = done
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._run.seconds.append(time.perf_counter() - self._sent_at)
        if self._parser.get_status_code() == 200:
            self._run.accepted += 1
        else:
            self._run.refused += 1
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("The server closed a connection."))

    def _send(self) -> None:
        request = next(self._run.requests, None)
        if request is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
            return
        self._parser = httptools.HttpResponseParser(self)
        self._sent_at = time.perf_counter()
        self._transport.write(request)


async def _drive(port: int, connections: int, run: _Run) -> float:
    loop = asyncio.get_running_loop()
    done: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    started = time.perf_counter()
    for each in done:
        await loop.create_connection(partial(_Connection, run, each), "127.0.0.1", port)
    await asyncio.gather(*done)
    return time.perf_counter() - started


def main(port: str, connections: str, file: str) -> None:
    with suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    run = _Run(unpack(Path(file).read_bytes()))
    took = asyncio.run(_drive(int(port), int(connections), run))
    result = {"accepted": run.accepted, "refused": run.refused, "took": took, "seconds": run.seconds}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
