"""Requests wait in a bounded line, the interactive ones first, for the threads that own a model."""

import heapq
import itertools
import threading
from collections.abc import Callable

from socialai.errors import ModelError, Overloaded
from socialai.inference.llm import Written
from socialai.inference.request import Request

_RANKS = {"interactive": 0, "batch": 1}
Work = Callable[[Request], Written]


class Line:
    """`work` is called from `threads` threads, started as they are needed; batch requests may fill half of
    `capacity`. `leave` is called by a thread that ends; `close` waits `patience` seconds for each."""

    def __init__(
        self,
        work: Work,
        *,
        name: str,
        capacity: int = 32,
        threads: int = 1,
        leave: Callable[[], None] | None = None,
        patience: float | None = None,
    ) -> None:
        self._work, self._leave, self._patience = work, leave, patience
        self._name, self._capacity, self._count = name, capacity, threads
        self._waiting: list[tuple[int, int, Request]] = []
        self._working: set[Request] = set()
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []

    def put(self, request: Request) -> None:
        """Raises Overloaded, or ModelError when closed."""
        with self._changed:
            if self._closed:
                raise ModelError("The language model was stopped.")
            self._drop_stopped()
            room = self._capacity if request.priority == "interactive" else self._capacity // 2
            if len(self._waiting) >= room:
                raise Overloaded(f"{len(self._waiting)} texts already wait for the language model.")
            heapq.heappush(self._waiting, (_RANKS[request.priority], next(self._numbers), request))
            self._start()
            self._changed.notify()

    def waiting(self) -> int:
        """How many nobody works on yet."""
        with self._changed:
            return len(self._waiting)

    def close(self) -> None:
        """What waits or is worked on fails; returns when the threads have left."""
        with self._changed:
            self._closed = True
            for request in (*(request for *_, request in self._waiting), *self._working):
                request.stop(ModelError("The language model was stopped."))
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(self._patience)

    def _drop_stopped(self) -> None:
        """Who gave up waiting takes nobody's place."""
        self._waiting = [entry for entry in self._waiting if not entry[-1].stopped]
        heapq.heapify(self._waiting)

    def _start(self) -> None:
        if len(self._threads) < self._count and len(self._waiting) + len(self._working) > len(self._threads):
            name = f"{self._name} {len(self._threads) + 1}"
            thread = threading.Thread(target=self._own, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _own(self) -> None:
        while request := self._next():
            request.end(self._answer(request))
            with self._changed:
                self._working.discard(request)
        if self._leave:
            self._leave()

    def _next(self) -> Request | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            *_, request = heapq.heappop(self._waiting)
            self._working.add(request)
            return request

    def _answer(self, request: Request) -> Written | ModelError:
        try:
            request.check()
            return self._work(request)
        except ModelError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever an engine raises becomes the caller's ModelError
            return ModelError(f"The language model failed: {error}")
