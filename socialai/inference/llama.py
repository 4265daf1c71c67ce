"""A language model on this machine: llama.cpp, worked by one thread."""

import codecs
import time
from pathlib import Path

from socialai.domain.engine import DEFAULT_CONTEXT
from socialai.errors import ModelError, PromptTooLong
from socialai.inference import llama_trial
from socialai.inference.line import Line
from socialai.inference.llama_library import Library, library
from socialai.inference.llama_memory import GiveWay, LlamaMemory
from socialai.inference.llama_model import LlamaModel
from socialai.inference.llama_sampler import Sampler
from socialai.inference.llm import (
    Cancel,
    Finish,
    OnText,
    Priority,
    Prompt,
    Schema,
    Written,
    decode,
    shorter,
    user_text,
)
from socialai.inference.request import Request


class LlamaCpp:
    """An Engine. The file is loaded with the first request, after a trial in a process of its own."""

    def __init__(
        self,
        path: Path,
        *,
        context: int = DEFAULT_CONTEXT,
        give_way: GiveWay = lambda _: None,
        capacity: int = 32,
    ) -> None:
        self.name = path.stem
        self._path, self._context, self._give_way = path, context, give_way
        self._loaded: _Loaded | None = None
        self._line = Line(self._work, name="llama.cpp", capacity=capacity, leave=self._unload)

    @property
    def evaluated(self) -> int:
        """Tokens read or written since the file was loaded."""
        return self._loaded.memory.evaluated if self._loaded else 0

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
        request = Request(prompt, deadline=deadline, priority=priority, schema=schema, cancel=cancel)
        self._line.put(request)
        return request.wait(on_text)

    def waiting(self) -> int:
        return self._line.waiting()

    def close(self) -> None:
        self._line.close()

    def _work(self, request: Request) -> Written:
        if self._loaded is None:
            llama_trial.check(self._path)
            self._loaded = _Loaded(library(), self._path, self._context, self._give_way)
        return _Writing(self._loaded, request).write()

    def _unload(self) -> None:
        if self._loaded:
            self._loaded.close()
            self._loaded = None


class _Loaded:
    def __init__(self, library: Library, path: Path, context: int, give_way: GiveWay) -> None:
        self.library, self.model = library, LlamaModel(library, path)
        try:
            self.memory = LlamaMemory(library, self.model, context, give_way)
        except ModelError:
            self.model.close()
            raise

    def close(self) -> None:
        self.memory.close()
        self.model.close()


class _Writing:
    """One request, from its prompt to its last word."""

    def __init__(self, loaded: _Loaded, request: Request) -> None:
        self._loaded, self._request = loaded, request
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text: list[str] = []
        self._first_token_ms = 0.0
        self._count = 0

    def write(self) -> Written:
        request, memory = self._request, self._loaded.memory
        prompt, tokens = self._fitting(request.prompt)
        slot, reused = memory.read(tokens, request)
        sampler = Sampler(self._loaded.library, self._loaded.model, prompt.limits, request.schema)
        try:
            finish = self._words(sampler, slot, min(prompt.limits.max_tokens, memory.room - len(tokens)))
        finally:
            sampler.close()
        self._give(self._decoder.decode(b"", final=True))
        return self._written(len(tokens), reused, finish)

    def _fitting(self, prompt: Prompt) -> tuple[Prompt, list[int]]:
        """The prompt, as much shorter as it must be for the answer to fit beside it."""
        room = self._loaded.memory.room - prompt.limits.max_tokens
        tokens = self._loaded.model.tokens(prompt.system, user_text(prompt))
        while len(tokens) > room:
            less = shorter(prompt)
            if less is None:
                raise PromptTooLong(
                    f"The prompt has {len(tokens)} tokens; beside {prompt.limits.max_tokens} for the answer "
                    f"the model has room for {max(room, 0)}."
                )
            prompt, tokens = less, self._loaded.model.tokens(less.system, user_text(less))
        return prompt, tokens

    def _words(self, sampler: Sampler, slot: int, most: int) -> Finish:
        model, memory = self._loaded.model, self._loaded.memory
        for number in range(1, most + 1):
            token = sampler.next(memory.handle)
            self._first_token_ms = self._first_token_ms or self._ms()
            if model.ends(token):
                return "stop"
            self._count = number
            self._give(self._decoder.decode(model.text([token])))
            if number < most:
                memory.append(slot, [token], self._request)
        return "length"

    def _give(self, piece: str) -> None:
        if piece:
            self._text.append(piece)
            self._request.give(piece)

    def _written(self, tokens: int, reused: int, finish: Finish) -> Written:
        text = "".join(self._text)
        if self._request.schema:
            _check_json(text, self._request.schema, finish)
        return Written(
            text=text,
            tokens_in=tokens,
            tokens_out=self._count,
            tokens_reused=reused,
            first_token_ms=self._first_token_ms,
            ms=self._ms(),
            finish=finish,
        )

    def _ms(self) -> float:
        return (time.monotonic() - self._request.started) * 1000


def _check_json(text: str, schema: Schema, finish: Finish) -> None:
    try:
        decode(text, schema)
    except ModelError:
        if finish == "length":
            raise ModelError("The language model's JSON was cut off; allow it more tokens.") from None
        raise
