"""The language model steps aside for the encoder, which people wait for in milliseconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Courtesy:
    """The encoder never waits. Before each step (a token, or 64 of a prompt) the language model waits while
    the encoder works, at most as long as its own last step took: however much there is to index, it keeps
    half of its speed."""

    def __init__(self) -> None:
        self._idle = Event()
        self._idle.set()
        self._lock = Lock()
        self._working = 0

    @contextmanager
    def encoding(self) -> Iterator[None]:
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    def give_way(self, at_most: float) -> None:
        self._idle.wait(at_most)

    def _change(self, by: int) -> None:
        """There may be two encoders."""
        with self._lock:
            self._working += by
            if self._working:
                self._idle.clear()
            else:
                self._idle.set()
