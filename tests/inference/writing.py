"""What the tests of language models share: prompts, and a request that goes on beside the test."""

import threading
import time
from collections.abc import Callable

from socialai.errors import ModelError
from socialai.inference.llm import Cancel, Engine, Limits, Part, Priority, Prompt, Schema, Written

SYSTEM = "You answer for Acme, a shop for tents. You are friendly and short. " * 4


def prompt(question: str = "Do you ship?", *, tokens: int = 8, system: str = SYSTEM, seed: int = 0) -> Prompt:
    return Prompt(
        purpose="compose",
        system=system,
        parts=(Part("evidence", "We ship to Norway for 9 EUR."), Part("question", question)),
        task="Answer the question from the evidence only.",
        limits=Limits(max_tokens=tokens, temperature=0, seed=seed),
    )


def soon(seconds: float = 120.0) -> float:
    return time.monotonic() + seconds


class Background:
    """One `write` on a thread of its own."""

    def __init__(
        self,
        engine: Engine,
        asked: Prompt,
        *,
        priority: Priority = "interactive",
        schema: Schema | None = None,
        seconds: float = 120.0,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self.cancel = Cancel()
        self.began = threading.Event()
        self.result: Written | ModelError | None = None
        self._write = lambda: engine.write(
            asked, deadline=soon(seconds), priority=priority, schema=schema, cancel=self.cancel,
            on_text=lambda _: self.began.set(),
        )  # fmt: skip
        self._done = done
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def join(self) -> "Written | ModelError":
        self._thread.join()
        assert self.result is not None
        return self.result

    def _run(self) -> None:
        try:
            self.result = self._write()
        except ModelError as error:
            self.result = error
        self._done()
