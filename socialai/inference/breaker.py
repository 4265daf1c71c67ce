"""After several failures in a row nobody is made to wait for the next: a pause, then one try."""

import threading
import time
from collections.abc import Callable

from socialai.errors import Overloaded

_FAILURES = 5
_PAUSE_SECONDS = 30.0


class Breaker:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def check(self) -> None:
        """Raises Overloaded during the pause; who is let through after it tries for all others."""
        with self._lock:
            if self._failures < _FAILURES:
                return
            left = self._until - self._now()
            if left > 0:
                raise Overloaded(
                    f"The endpoint failed {self._failures} times; it is left alone for {left:.0f} s."
                )
            self._until = self._now() + _PAUSE_SECONDS

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._until = self._now() + _PAUSE_SECONDS

    def worked(self) -> None:
        with self._lock:
            self._failures = 0
