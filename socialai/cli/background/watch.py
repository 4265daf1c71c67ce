"""Tells systemd that the hub is ready and lives (sd_notify(3)); nothing where no systemd asks.

What is told is proved each time by a request through the whole server: a hub that hangs goes silent and is
started again.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self

import httpx

_FIRST_LOOKS = 0.2
_PROBE_SECONDS = 10.0


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=_PROBE_SECONDS, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


class Watch:
    """A statement around the serving."""

    def __init__(
        self, address: str, environ: Mapping[str, str], probe: Callable[[str], bool] = answers
    ) -> None:
        self._address, self._probe = address, probe
        self._socket = environ.get("NOTIFY_SOCKET", "")
        every = int(environ.get("WATCHDOG_USEC", "0")) / 1e6
        self._every = min(every / 3, 30.0) if every else 30.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tell systemd", daemon=True)

    def __enter__(self) -> Self:
        if self._socket:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._socket:
            self._thread.join()

    def _run(self) -> None:
        pause, said = _FIRST_LOOKS, "READY=1\nWATCHDOG=1"
        while not self._ended.wait(pause):
            if self._probe(self._address):
                notify(self._socket, said)
                pause, said = self._every, "WATCHDOG=1"


def notify(place: str, said: str) -> None:
    """`place` beginning with @ is a name and no file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.sendto(said.encode(), f"\0{place[1:]}" if place.startswith("@") else place)


def of_this_process(address: str) -> Watch:
    return Watch(address, os.environ)


def patient(address: str) -> Watch:
    """While something long is done before the hub can answer: systemd waits."""
    return Watch(address, os.environ, lambda _: True)
