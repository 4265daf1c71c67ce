"""A language model outside: Ollama, llama-server, vLLM or a cloud, by OpenAI's chat completions."""

import time
from collections.abc import Callable

import httpx

from socialai.domain.clock import Clock, utc_now
from socialai.domain.engine import Call, Outcome, RemoteEngine
from socialai.errors import Cancelled, DeadlinePassed, ModelError, Overloaded, PromptTooLong
from socialai.inference.breaker import Breaker
from socialai.inference.endpoint import checked_url, host_of
from socialai.inference.line import Line
from socialai.inference.llm import Cancel, OnText, Priority, Prompt, Schema, Written, shorter
from socialai.inference.openai_talk import Talk, TryLater
from socialai.inference.request import Request

_WAITS = (0.5, 1.0, 2.0)
_AT_ONCE = 4

Record = Callable[[Call], None]


class OpenAICompatible:
    """An Engine. Every try is told to `record`, whatever came of it, before its caller has the text."""

    def __init__(
        self,
        choice: RemoteEngine,
        api_key: str,
        http: httpx.Client,
        record: Record,
        *,
        region: str = "US",
        clock: Clock = utc_now,
        waits: tuple[float, ...] = _WAITS,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = choice.model
        self._url = f"{checked_url(choice.url)}/chat/completions"
        self._http, self._record, self._clock = http, record, clock
        self._headers = {"Accept": "text/event-stream"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._region, self._waits, self._breaker = region, waits, breaker or Breaker()
        self._line = Line(self._work, name=f"endpoint {host_of(choice.url)}", threads=_AT_ONCE, patience=1.0)

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
        self._breaker.check()
        request = Request(prompt, deadline=deadline, priority=priority, schema=schema, cancel=cancel)
        self._line.put(request)
        return request.wait(on_text)

    def close(self) -> None:
        self._line.close()

    def _work(self, request: Request) -> Written:
        prompt: Prompt | None = request.prompt
        while prompt:
            try:
                return self._with_retries(request, prompt)
            except PromptTooLong:
                prompt = shorter(prompt)
        raise PromptTooLong("The endpoint's model cannot read so long a prompt.")

    def _with_retries(self, request: Request, prompt: Prompt) -> Written:
        for wait in (*self._waits, None):
            try:
                written = self._try(request, prompt)
            except TryLater as later:
                self._breaker.failed()
                pause = max(wait or 0, later.after)
                if wait is None or pause > request.left:
                    raise Overloaded(str(later)) from None
                request.rest(pause)
            else:
                self._breaker.worked()
                return written
        raise AssertionError("the last try returns or raises")

    def _try(self, request: Request, prompt: Prompt) -> Written:
        request.check()
        talk = Talk(request, prompt, self.name, self._region)
        started, error = time.monotonic(), ""
        outcome: Outcome = "failed"
        try:
            written = talk.over(self._http, self._url, self._headers)
            outcome = "written"
        except ModelError as problem:
            outcome, error = _outcome(problem), str(problem)
            raise
        finally:
            ms = (time.monotonic() - started) * 1000
            self._record(talk.call(self._clock, host_of(self._url), ms, outcome, error))
        return written


def _outcome(problem: ModelError) -> Outcome:
    if isinstance(problem, Cancelled):
        return "cancelled"
    return "late" if isinstance(problem, DeadlinePassed) else "failed"
