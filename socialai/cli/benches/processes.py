"""Processes of the bench: started, waited for, looked at and always ended."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError

from socialai.errors import SettingsError

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_STOP_SECONDS = 15
_PATIENCE = 30.0


@dataclass(frozen=True)
class Served:
    """A server that answers: `seconds` from its start to its first page."""

    pid: int
    port: int
    seconds: float

    @property
    def memory_mb(self) -> float:
        """Resident set size, as the kernel counts it (VmRSS)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def hub_command() -> list[str]:
    return [sys.executable, "-m", "socialai", "serve", "--port", "0"]


def script(name: str, *arguments: str) -> list[str]:
    """A file beside this one as a program of its own, without the hub in it."""
    if getattr(sys, "frozen", False):
        raise SettingsError("The bench needs Python: run it from a checkout, as README.md says.")
    return [sys.executable, str(Path(__file__).with_name(name)), *arguments]


@contextmanager
def serving(
    command: Sequence[str], folder: Path, page: str, environment: dict[str, str] | None = None
) -> Iterator[Served]:
    """Ready when `page` answers 200. Its log is left in `folder`."""
    started = time.perf_counter()
    with (folder / "log.jsonl").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **(environment or {})}
        )
    try:
        port = _port(process)
        _wait_for_page(process, port, page)
        yield Served(process.pid, port, time.perf_counter() - started)
    finally:
        _end(process)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if found := _ADDRESS.search(line):
            return int(found[1])
    raise SettingsError("A server of the bench ended before it served.")


def _wait_for_page(process: subprocess.Popen[str], port: int, page: str) -> None:
    late = time.monotonic() + _PATIENCE
    while not _answers(f"http://127.0.0.1:{port}{page}"):
        if process.poll() is not None or time.monotonic() > late:
            raise SettingsError("A server of the bench does not answer.")
        time.sleep(0.005)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status) == 200
    except HTTPError:
        raise
    except (URLError, ConnectionError):
        return False


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
