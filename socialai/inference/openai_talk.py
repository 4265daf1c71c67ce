"""One prompt sent to an OpenAI-compatible endpoint, and what came back."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec

from socialai.domain.clock import Clock
from socialai.domain.engine import Call, Outcome
from socialai.errors import ModelError, PromptTooLong
from socialai.inference.llm import Finish, Prompt, Schema, Written, decode, user_text
from socialai.inference.masking import Mask, Restorer
from socialai.inference.request import Request
from socialai.inference.sse import Chunk, Usage, chunk, chunks, limited

_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 30.0
_KEEP_MARKS = "Marks such as [NAME_1] stand for real values. Use them as they are."


class TryLater(ModelError):
    """Nothing was written; the same may work in `after` seconds."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class Talk:
    """One request and its answer."""

    def __init__(self, request: Request, prompt: Prompt, model: str, region: str) -> None:
        self._request, self._prompt, self._model = request, prompt, model
        self._mask = Mask(prompt.private, region)
        self._restorer = Restorer(self._mask, in_json=request.schema is not None)
        self._body = msgspec.json.encode(self._question())
        self._text: list[str] = []
        self._usage, self._finish = Usage(), ""
        self._received, self._first_token_ms = 0, 0.0

    def call(self, clock: Clock, host: str, ms: float, outcome: Outcome, error: str) -> Call:
        return Call(
            at=clock(),
            host=host,
            model=self._model,
            purpose=self._prompt.purpose,
            fields=("system", *(part.name for part in self._prompt.parts), "task"),
            masked=self._mask.counts,
            bytes_out=len(self._body),
            bytes_in=self._received,
            tokens_in=self._usage.prompt_tokens,
            tokens_out=self._usage.completion_tokens,
            ms=round(ms, 1),
            outcome=outcome,
            error=error[:300],
        )

    def over(self, http: httpx.Client, url: str, headers: dict[str, str]) -> Written:
        silence = min(_SILENCE_SECONDS, max(self._request.left, 0.01))
        timeout = httpx.Timeout(silence, connect=min(_CONNECT_SECONDS, silence))
        sent = {**headers, "Content-Type": "application/json"}
        try:
            with http.stream("POST", url, content=self._body, headers=sent, timeout=timeout) as response:
                _check_status(response)
                for one in self._chunks(response):
                    self._take(one)
        except httpx.HTTPError as error:
            self._request.check()
            raise self._broken(f"The endpoint does not answer: {type(error).__name__}.") from None
        return self._written()

    def _question(self) -> dict[str, Any]:
        system = self._mask.hide(self._prompt.system)  # first: its marks shall not depend on what follows
        user = self._mask.hide(user_text(self._prompt))
        if self._mask.counts:
            user = f"{user}\n{_KEEP_MARKS}"
        limits = self._prompt.limits
        question = {
            "model": self._model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "max_tokens": limits.max_tokens,
            "temperature": limits.temperature,
            "seed": limits.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self._request.schema:
            question["response_format"] = _response_format(self._request.schema)
        return question

    def _chunks(self, response: httpx.Response) -> Iterator[Chunk]:
        if response.headers.get("Content-Type", "").startswith("application/json"):
            yield chunk(b"".join(self._counted(limited(response.iter_bytes()))))
        else:
            yield from chunks(self._counted(response.iter_bytes()))

    def _counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._request.check()
            self._received += len(piece)
            yield piece

    def _take(self, one: Chunk) -> None:
        self._usage = one.usage or self._usage
        for choice in one.choices[:1]:
            self._finish = choice.finish_reason or self._finish
            self._give(self._restorer.take(choice.text))

    def _give(self, piece: str) -> None:
        if piece:
            self._first_token_ms = self._first_token_ms or self._ms()
            self._text.append(piece)
            self._request.give(piece)

    def _written(self) -> Written:
        if not self._finish:
            raise self._broken("The endpoint's answer is cut off.")
        self._give(self._restorer.rest())
        text = "".join(self._text)
        if self._finish not in ("stop", "length"):
            raise ModelError(f"The endpoint wrote nothing usable ({self._finish[:80]}).")
        if self._request.schema:
            decode(text, self._request.schema)
        finish: Finish = "stop" if self._finish == "stop" else "length"
        return Written(
            text=text,
            tokens_in=self._usage.prompt_tokens,
            tokens_out=self._usage.completion_tokens,
            first_token_ms=self._first_token_ms,
            ms=self._ms(),
            finish=finish,
        )

    def _broken(self, message: str) -> ModelError:
        """Once the caller has seen a part of it, it cannot be asked for again."""
        return ModelError(message) if self._text else TryLater(message)

    def _ms(self) -> float:
        return (time.monotonic() - self._request.started) * 1000


def _response_format(schema: Schema) -> dict[str, Any]:
    shape = {"name": schema.__name__, "schema": msgspec.json.schema(schema)}
    return {"type": "json_schema", "json_schema": shape}


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise TryLater(f"The endpoint is too busy or broken (HTTP {status}).", _retry_after(response))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise ModelError("The endpoint does not accept the key. Set it again: socialai engine set --help")
    if status == httpx.codes.NOT_FOUND:
        raise ModelError("The endpoint knows no such address or model. Check both: socialai engine show")
    reason = b"".join(limited(response.iter_bytes()))[:500].decode("utf-8", "replace")
    if status in (400, 413) and "context" in reason.lower():
        raise PromptTooLong("The endpoint's model cannot read so long a prompt.")
    raise ModelError(f"The endpoint refuses the request (HTTP {status}).")


def _retry_after(response: httpx.Response) -> float:
    """Seconds; a date or nonsense counts as not said."""
    try:
        return max(0.0, float(response.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0
