"""Failures the sandbox is told to have: which, how often or how likely."""

import random
import threading
from typing import Literal

from msgspec import Struct

FailureKind = Literal[
    "rate_limit",
    "server_error",
    "timeout_after_accepting",
    "timeout_before_accepting",
    "expired_token",
    "broken_connection",
    "temporary_block",
]
Call = Literal["send", "typing", "read"]


class Failure(Struct, forbid_unknown_fields=True):
    """`times` left (with neither given: once), or `probability` for every call drawn with `seed`, or both.

    `on`: sending messages, sender actions, reading, or any call. A `broken_connection` keeps nothing of the
    request; after a time-out the response is held until the client gives up.
    """

    kind: FailureKind
    times: int | None = None
    probability: float | None = None
    seed: int = 0
    on: Literal["send", "typing", "read", "any"] = "send"


class Failures:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[tuple[Failure, random.Random]] = []

    def add(self, failure: Failure) -> None:
        if failure.times is None and failure.probability is None:
            failure.times = 1
        with self._lock:
            self._rules.append((failure, random.Random(failure.seed)))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def take(self, call: Call) -> FailureKind | None:
        """What this call must suffer, if anything: the first rule that applies."""
        with self._lock:
            for failure, dice in self._rules:
                if failure.on in (call, "any") and _strikes(failure, dice):
                    return failure.kind
        return None


def _strikes(failure: Failure, dice: random.Random) -> bool:
    if failure.times is not None and failure.times <= 0:
        return False
    if failure.probability is not None and dice.random() >= failure.probability:
        return False
    if failure.times is not None:
        failure.times -= 1
    return True
