"""Keeps a hub running where the system does not: started again when it ends, ended when it hangs, its log
kept in files that never fill the disk."""

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from msgspec import Struct

LOG = "hub.log"
FINAL = frozenset({2, 3})
"""Exit codes for wrong usage and wrong settings: trying again changes nothing."""


class Pace(Struct, frozen=True):
    """In seconds. `steady`: who ran that long begins the waits anew; `patience`: who answers nobody that long
    hangs."""

    waits: tuple[float, ...] = (1.0, 5.0, 15.0, 60.0)
    steady: float = 300.0
    probe_every: float = 10.0
    patience: float = 90.0
    start_patience: float = 600.0
    stop_patience: float = 30.0


class Supervisor:
    """`is_alive` asks the hub; `log_bytes` is the most that one of six log files holds."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        logs: Path,
        is_alive: Callable[[], bool],
        pace: Pace = Pace(),  # noqa: B008 - frozen
        log_bytes: int = 10 * 1024 * 1024,
    ) -> None:
        self._command, self._environ, self._is_alive, self._pace = command, environ, is_alive, pace
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._log = RotatingFileHandler(logs / LOG, maxBytes=log_bytes, backupCount=5, encoding="utf-8")
        self._log.setFormatter(logging.Formatter("%(message)s"))
        self._stopping = threading.Event()

    def stop(self) -> None:
        """`run` ends the hub and returns."""
        self._stopping.set()

    def run(self) -> int:
        """Until it is stopped, or the hub says that it cannot run; the hub's last exit code."""
        failures, code = 0, 0
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._once()
            if code in FINAL or self._stopping.is_set():
                break
            failures = 0 if time.monotonic() - began > self._pace.steady else failures + 1
            wait = self._pace.waits[min(max(failures - 1, 0), len(self._pace.waits) - 1)]
            self._say(f"The hub ended ({code}); it is started again in {wait:g} s.")
            self._stopping.wait(wait)
        self._log.close()
        return code

    def _once(self) -> int:
        process = subprocess.Popen(
            self._command, env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace",
        )  # fmt: skip
        reader = threading.Thread(target=self._read, args=(process,), name="log of the hub")
        reader.start()
        self._watch(process)
        reader.join()
        return process.returncode

    def _watch(self, process: subprocess.Popen[str]) -> None:
        """Returns when it has ended, by itself or by us."""
        answered = time.monotonic()
        patience = self._pace.start_patience
        while process.poll() is None:
            if self._stopping.is_set():
                return self._end(process)
            if self._is_alive():
                answered, patience = time.monotonic(), self._pace.patience
            elif time.monotonic() - answered > patience:
                self._say(f"The hub has not answered for {patience:g} s; it is ended.")
                return self._end(process)
            self._pause(process)
        return None

    def _pause(self, process: subprocess.Popen[str]) -> None:
        """Until the next look; a hub that ends meanwhile, or a stop, ends it."""
        until = time.monotonic() + self._pace.probe_every
        while time.monotonic() < until and process.poll() is None and not self._stopping.wait(0.2):
            pass

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.terminate()
        try:
            process.wait(self._pace.stop_patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._say(line.rstrip("\n"))

    def _say(self, line: str) -> None:
        self._log.emit(logging.LogRecord("hub", logging.INFO, "", 0, line, None, None))
