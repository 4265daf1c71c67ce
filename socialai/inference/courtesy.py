"""The language model steps aside for the encoder, which people wait for in milliseconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event


class Courtesy:
    """The encoder never waits. Before each step (a token, or 64 of a prompt) the language model waits while
    the encoder works, at most as long as its own last step took: however much there is to index, it keeps
    half of its speed."""

    def __init__(self) -> None:
        self._idle = Event()
        self._idle.set()

    @contextmanager
    def encoding(self) -> Iterator[None]:
        self._idle.clear()
        try:
            yield
        finally:
            self._idle.set()

    def give_way(self, at_most: float) -> None:
        self._idle.wait(at_most)
