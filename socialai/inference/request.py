"""One text that is being written: its pieces go from the thread that writes to the caller who waits."""

import ctypes
import threading
import time
from queue import Empty, SimpleQueue

from socialai.errors import Cancelled, DeadlinePassed, ModelError
from socialai.inference.llm import Cancel, OnText, Priority, Prompt, Schema, Written


class Request:
    """`flag` is a C string, empty until the request is stopped: C code can look without Python."""

    def __init__(
        self,
        prompt: Prompt,
        *,
        deadline: float,
        priority: Priority = "interactive",
        schema: Schema | None = None,
        cancel: Cancel | None = None,
    ) -> None:
        self.prompt, self.priority, self.schema = prompt, priority, schema
        self.started, self.deadline = time.monotonic(), deadline
        self.flag = ctypes.create_string_buffer(2)
        self._reason: ModelError | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._out: SimpleQueue[str | Written | ModelError] = SimpleQueue()
        if cancel:
            cancel.watch(self.cancel)

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def cancel(self) -> None:
        self.stop(Cancelled("The answer is no longer wanted."))

    def stop(self, reason: ModelError) -> None:
        """The caller is told at once, who writes stops soon. The first reason counts."""
        with self._lock:
            if self._reason:
                return
            self._reason = reason
        self.flag[0] = b"\x01"
        self._stopped.set()
        self._out.put(reason)

    def check(self) -> None:
        """Raise why nobody wants the text any more."""
        if self.left <= 0:
            self.stop(DeadlinePassed("The language model did not write its answer in time."))
        if self._reason:
            raise self._reason

    def rest(self, seconds: float) -> None:
        """Wait, shorter when stopped or late."""
        self._stopped.wait(max(0.0, min(seconds, self.left)))
        self.check()

    def give(self, piece: str) -> None:
        self._out.put(piece)

    def end(self, result: Written | ModelError) -> None:
        self._out.put(result)

    def wait(self, on_text: OnText | None = None) -> Written:
        try:
            while not isinstance(item := self._next(), Written):
                if on_text:
                    on_text(item)
            return item
        except BaseException:
            self.cancel()
            raise

    def _next(self) -> str | Written:
        try:
            item = self._out.get(timeout=max(0.0, self.left))
        except Empty:
            self.check()
            raise DeadlinePassed("The language model did not write its answer in time.") from None
        if isinstance(item, ModelError):
            raise item
        return item
