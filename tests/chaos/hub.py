"""The real hub in a process of its own, to be killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

START_SECONDS = 60.0
STOP_SECONDS = 5.0
"""What a stop may take."""

QUICK = {
    "SOCIALAI_DEBOUNCE_SECONDS": "0.2",
    "SOCIALAI_RETRY_SECONDS": "1,2,3",
    "SOCIALAI_RECONCILE_SECONDS": "0.5",
    "SOCIALAI_SEND_TIMEOUT_SECONDS": "1",
    "SOCIALAI_LOG_LEVEL": "WARNING",
}


class Hub:
    """`python -m socialai serve` on one port and one data directory, again and again."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str] = QUICK) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        self._environ = {**os.environ, **settings, "SOCIALAI_DATA_DIR": str(data_dir)}
        self._process: subprocess.Popen[bytes] | None = None
        self._http = httpx.Client(timeout=5, trust_env=False)

    def start(self) -> None:
        """Returns when it answers."""
        command = [sys.executable, "-m", "socialai", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environ, stdout=log, stderr=log)
        if not until(lambda: self.answers() or self.ended(), START_SECONDS) or self.ended():
            raise AssertionError(f"The hub did not start:\n{self.log_tail()}")

    def answers(self) -> bool:
        try:
            return self._http.get(f"{self.url}/health").status_code == 200
        except httpx.HTTPError:
            return False

    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """No warning, no last words."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self, signal_number: int = signal.SIGTERM, patience: float = 30.0) -> float:
        """Ask it to end; the seconds it took. It is killed, and it is an error, when it does not."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal_number)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"The hub did not end by itself:\n{self.log_tail()}") from None
        return time.monotonic() - began

    def close(self) -> None:
        if self._process is not None and not self.ended():
            self.kill()
        self._http.close()

    def log_tail(self, size: int = 4000) -> str:
        return self.log.read_text("utf-8", "replace")[-size:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time. Another process cannot notify us, so it is asked again and again."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.05)
    return True
