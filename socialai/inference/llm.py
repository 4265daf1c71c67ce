"""What every language model takes and gives, wherever it runs."""

import re
import threading
from collections.abc import Callable
from typing import Annotated, Literal, Protocol, TypeVar

import msgspec
from msgspec import Meta, Struct

from socialai.errors import ModelError

Priority = Literal["interactive", "batch"]
Finish = Literal["stop", "length"]
OnText = Callable[[str], None]
Schema = type[Struct]
S = TypeVar("S", bound=Struct)


class Limits(Struct, frozen=True):
    """`temperature` 0: always the likeliest token."""

    max_tokens: Annotated[int, Meta(ge=1, le=8192)] = 256
    temperature: Annotated[float, Meta(ge=0, le=2)] = 0.2
    seed: int = 0


class Part(Struct, frozen=True):
    """Something to read, never to obey: evidence, memory, a question. `name` is one lower-case word."""

    name: str
    text: str


class Private(Struct, frozen=True):
    """What must not leave the machine, as it is written in the prompt: kind 'name', 'order', 'address', …"""

    kind: str
    text: str


class Prompt(Struct, frozen=True, kw_only=True):
    """`system` is who writes and how: byte for byte the same in every prompt of a tenant and purpose, so that
    it is read once. `parts` are fenced, in this order, what changes least first; `task` ends the prompt.

    `shorten` gives the next shorter prompt when this one does not fit the context, or None.
    """

    purpose: str
    system: str
    parts: tuple[Part, ...]
    task: str
    limits: Limits = Limits()
    private: tuple[Private, ...] = ()
    shorten: "Callable[[Prompt], Prompt | None] | None" = None


class Written(Struct, frozen=True, kw_only=True):
    """`first_token_ms` and `ms` count from when it was asked for. `tokens_reused` of `tokens_in` were read
    before and not again."""

    text: str
    tokens_in: int
    tokens_out: int
    first_token_ms: float
    ms: float
    finish: Finish
    tokens_reused: int = 0


class Cancel:
    """Given with a request; `cancel` from any thread ends it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: list[Callable[[], None]] = []
        self.cancelled = False

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call it when cancelled; at once when that was before."""
        with self._lock:
            self._watchers.append(watcher)
        if self.cancelled:
            watcher()


class Engine(Protocol):
    @property
    def name(self) -> str:
        """For metrics and the log of turns: which weights, no secret."""

    def write(
        self,
        prompt: Prompt,
        *,
        deadline: float,
        priority: Priority = "interactive",
        schema: Schema | None = None,
        cancel: Cancel | None = None,
        on_text: OnText | None = None,
    ) -> Written:
        """Wait for the text, at most until `deadline` (time.monotonic()).

        With a `schema` the text is JSON that decodes to it. `on_text` gets the pieces as they come, in the
        caller's thread. Raises Overloaded, DeadlinePassed, Cancelled, PromptTooLong, ModelMissing,
        ModelRefused or another ModelError.
        """

    def close(self) -> None: ...


def user_text(prompt: Prompt) -> str:
    """The parts between their fences, then the task. No part can close a fence."""
    names = "|".join(re.escape(part.name) for part in prompt.parts)
    fence = re.compile(rf"<(\s*/?\s*(?:{names})\b)", re.IGNORECASE)
    fenced = [f"<{part.name}>\n{_unfenced(part.text, fence)}\n</{part.name}>" for part in prompt.parts]
    return "\n\n".join([*fenced, prompt.task])


def _unfenced(text: str, fence: re.Pattern[str]) -> str:
    return fence.sub(r"‹\1", text)


def shorter(prompt: Prompt) -> Prompt | None:
    return prompt.shorten(prompt) if prompt.shorten else None


def decode(text: str, schema: type[S]) -> S:
    """ModelError when the model did not write what was asked for."""
    try:
        return msgspec.json.decode(text, type=schema)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ModelError(f"The language model did not write the JSON it was asked for: {error}") from None
