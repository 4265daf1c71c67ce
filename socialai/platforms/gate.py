"""Whether a channel's platform may be asked now: it is left alone after failures, and for as long as it says.

After 5 failures in a row nothing is sent for 60 s; then 3 tries, and only when all of them work it is as
before.
"""

import threading
from datetime import datetime, timedelta
from typing import Literal

GateState = Literal["open", "trying", "shut"]

_FAILURES = 5
_PAUSE = timedelta(seconds=60)
_TRIES = 3
_NEARLY_USED = 0.9
_SLOW = timedelta(seconds=10)


class Gate:
    """`open` lets everything through, `trying` a few, `shut` nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._shut_until: datetime | None = None
        self._told_until: datetime | None = None
        self._tries_left = 0
        self._good = 0

    def wait(self, now: datetime) -> float:
        """Seconds until it may be asked; 0 lets this one through."""
        with self._lock:
            if self._told_until and now < self._told_until:
                return (self._told_until - now).total_seconds()
            if self._shut_until is None:
                return 0.0
            if now < self._shut_until:
                return (self._shut_until - now).total_seconds()
            if self._tries_left:
                self._tries_left -= 1
                return 0.0
            # Whoever was let through has not come back yet.
            self._shut_until, self._tries_left = now + _PAUSE, _TRIES
            return _PAUSE.total_seconds()

    def state(self, now: datetime) -> GateState:
        with self._lock:
            if self._told_until and now < self._told_until:
                return "shut"
            if self._shut_until is None:
                return "open"
            return "shut" if now < self._shut_until else "trying"

    def worked(self, now: datetime, used: float = 0.0) -> None:
        """`used`: the share of the platform's budget that is gone, as it says."""
        with self._lock:
            self._failures = 0
            self._told_until = now + _SLOW if used >= _NEARLY_USED else None
            if self._shut_until is None:
                return
            self._good += 1
            if self._good >= _TRIES:
                self._shut_until = None

    def failed(self, now: datetime, retry_after: float | None = None) -> None:
        """`retry_after`: for how many seconds the platform wants nothing."""
        with self._lock:
            self._failures += 1
            if retry_after:
                self._told_until = max(self._told_until or now, now + timedelta(seconds=retry_after))
            if self._shut_until is not None or self._failures >= _FAILURES:
                self._shut_until, self._tries_left, self._good = now + _PAUSE, _TRIES, 0
