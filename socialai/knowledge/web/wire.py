"""Connections to public addresses only.

A name is looked up once and checked, and what was checked is what is connected to: a name server that says
something else the second time (DNS rebinding) is not asked a second time. TLS still proves the name.
"""

import ssl
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore
import httpx

from socialai.errors import FetchError
from socialai.knowledge.web.addresses import Resolve, is_public


class Wire(httpx.HTTPTransport):
    """`allowed`: host:port that may be on this machine or its net all the same. Everything that is done with
    it ends at `deadline`, by time.monotonic(), however slowly the other side drips."""

    def __init__(self, resolve: Resolve, allowed: frozenset[str], deadline: float) -> None:
        super().__init__(verify=_tls())
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(), network_backend=_Guard(resolve, allowed, deadline), max_connections=1
        )


@cache
def _tls() -> ssl.SSLContext:
    """Reading all roots takes 20 ms."""
    return httpx.create_ssl_context()


class _Guard(httpcore.NetworkBackend):
    def __init__(self, resolve: Resolve, allowed: frozenset[str], deadline: float) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._checked(host, port)
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
        return _Timed(stream, self._deadline)

    def _checked(self, host: str, port: int) -> str:
        """One bad address among good ones is a trick: none of them is used."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise FetchError(f"There is no web site {host}.", "failed") from None
        if not found:
            raise FetchError(f"There is no web site {host}.", "failed")
        if f"{host}:{port}" not in self._allowed and not all(map(is_public, found)):
            raise FetchError(f"{host} is not on the public internet, so it is not read.", "refused")
        return found[0]


class _Timed(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None, late: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise late("the page took too long")
    return left if timeout is None else min(left, timeout)
