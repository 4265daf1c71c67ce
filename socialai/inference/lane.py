"""One thread owns a model; what waits for it is worked in micro-batches."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from socialai.errors import DeadlinePassed, ModelError, Overloaded

T = TypeVar("T")
R = TypeVar("R")

BATCH = 64


class _Request(Generic[T, R]):
    def __init__(self, items: Sequence[T], deadline: float) -> None:
        self.items = items
        self.deadline = deadline
        self.results: list[R] = []
        self.taken = 0
        self.error: ModelError | None = None
        self.done = threading.Event()

    def left(self) -> int:
        return len(self.items) - self.taken

    def fail(self, error: ModelError) -> None:
        self.error = error
        self.done.set()


class Lane(Generic[T, R]):
    """A bounded queue before `work`, which gets up to `batch` items at once, from one thread only.

    `capacity` is the number of items (not requests) that may wait.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Sequence[R]],
        *,
        name: str = "lane",
        capacity: int = 4096,
        batch: int = BATCH,
    ) -> None:
        self._work = work
        self._capacity = capacity
        self._batch = batch
        self._waiting: deque[_Request[T, R]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._own, name=name, daemon=True)
        self._thread.start()

    def run(self, items: Sequence[T], timeout: float) -> list[R]:
        """One result an item, in order. Raises Overloaded (queue full) or DeadlinePassed (late)."""
        if not items:
            return []
        request: _Request[T, R] = _Request(items, time.monotonic() + timeout)
        self._put(request)
        if not request.done.wait(timeout):
            request.deadline = 0
            raise DeadlinePassed(f"The model did not answer within {timeout:g} seconds.")
        if request.error:
            raise request.error
        return request.results

    def waiting(self) -> int:
        """How many items nobody works on yet."""
        with self._changed:
            return self._waiting_items()

    def close(self) -> None:
        """End the thread after the batch it works on; what waits fails."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _put(self, request: _Request[T, R]) -> None:
        with self._changed:
            if self._closed:
                raise ModelError("The model was stopped.")
            waiting = self._waiting_items()
            if waiting and waiting + len(request.items) > self._capacity:
                raise Overloaded(f"{waiting} texts already wait for the model; try again in a moment.")
            self._waiting.append(request)
            self._changed.notify()

    def _waiting_items(self) -> int:
        return sum(request.left() for request in self._waiting)

    def _own(self) -> None:
        while batch := self._next():
            self._answer(batch)
        with self._changed:
            for request in self._waiting:
                request.fail(ModelError("The model was stopped."))
            self._waiting.clear()

    def _next(self) -> list[tuple[_Request[T, R], Sequence[T]]]:
        """The oldest requests that fit into one batch; empty when closed."""
        with self._changed:
            while not self._closed:
                self._drop_late()
                if self._waiting:
                    return self._take()
                self._changed.wait()
            return []

    def _drop_late(self) -> None:
        now = time.monotonic()
        for request in [request for request in self._waiting if request.deadline < now]:
            self._waiting.remove(request)
            request.fail(DeadlinePassed("The model was too busy to answer in time."))

    def _take(self) -> list[tuple[_Request[T, R], Sequence[T]]]:
        """Each whole, if it is no longer than a batch: who is done goes on, while the next is worked on."""
        parts: list[tuple[_Request[T, R], Sequence[T]]] = []
        room = self._batch
        while self._waiting and (not parts or self._waiting[0].left() <= room):
            request = self._waiting.popleft()
            part = request.items[request.taken : request.taken + room]
            parts.append((request, part))
            request.taken += len(part)
            room -= len(part)
            if request.left():
                self._waiting.append(request)  # at the end: a question need not wait for a whole index run
        return parts

    def _answer(self, batch: list[tuple[_Request[T, R], Sequence[T]]]) -> None:
        try:
            results = self._work([item for _, part in batch for item in part])
        except Exception as error:  # noqa: BLE001 - whatever a model raises becomes the caller's ModelError
            self._fail(batch, error)
            return
        start = 0
        for request, part in batch:
            request.results.extend(results[start : start + len(part)])
            start += len(part)
            if len(request.results) == len(request.items):
                request.done.set()

    def _fail(self, batch: list[tuple[_Request[T, R], Sequence[T]]], error: Exception) -> None:
        reason = error if isinstance(error, ModelError) else ModelError(f"The model failed: {error}")
        with self._changed:
            for request, _ in batch:
                request.fail(reason)
                if request in self._waiting:
                    self._waiting.remove(request)
