"""Server-sent events of a language model that answers as OpenAI's do."""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from socialai.errors import ModelError

_MOST_BYTES = 4 * 1024 * 1024
_DONE = b"[DONE]"


class Delta(Struct, frozen=True):
    content: str | None = None


class Choice(Struct, frozen=True):
    """`delta` in a stream, `message` in an answer that came whole."""

    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: str | None = None

    @property
    def text(self) -> str:
        said = self.delta or self.message
        return (said.content or "") if said else ""


class Usage(Struct, frozen=True):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Chunk(Struct, frozen=True):
    choices: tuple[Choice, ...] = ()
    usage: Usage | None = None


def chunks(pieces: Iterable[bytes]) -> Iterator[Chunk]:
    """ModelError for what is no such stream."""
    for data in _data(pieces):
        if data == _DONE:
            return
        yield chunk(data)


def chunk(data: bytes) -> Chunk:
    try:
        return msgspec.json.decode(data, type=Chunk)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ModelError(f"The endpoint's answer is not understood: {error}") from None


def limited(pieces: Iterable[bytes]) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > _MOST_BYTES:
            raise ModelError("The endpoint's answer has no end.")
        yield piece


def _data(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in limited(pieces):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()
    if rest.startswith(b"data:"):
        yield rest[5:].strip()
