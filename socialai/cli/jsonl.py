"""Lines of JSON from a file or a pipe, read as they arrive."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import msgspec
import typer

from socialai.cli.output import Advance

LONGEST_LINE = 1024 * 1024
_PIECE = 64 * 1024
_MARK = b"\xef\xbb\xbf"  # some editors put it before the first line


class Bytes(Protocol):
    """A file or a pipe; `read1` gives what is there without waiting for more."""

    def read1(self, size: int, /) -> bytes: ...


def source(file: str) -> tuple[int | None, AbstractContextManager[Any]]:
    """How many bytes it has, if that is known, and its bytes; - is standard input."""
    if file == "-":
        return None, nullcontext(typer.get_binary_stream("stdin"))
    try:
        return Path(file).stat().st_size, Path(file).open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from None


def pieces(stream: Bytes, advance: Advance) -> Iterator[list[bytes]]:
    """The complete lines of each piece; of a line that is too long only as much as shows it."""
    rest = b""
    while piece := stream.read1(_PIECE):
        advance(len(piece))
        *complete, rest = (rest + piece).split(b"\n")
        rest = rest[: LONGEST_LINE + 1]
        yield complete
    if rest:
        yield [rest]


def batches(stream: Bytes, advance: Advance, most: int) -> Iterator[list[tuple[int, bytes]]]:
    """What has arrived so far, with the numbers of the lines and without empty ones."""
    number = 0
    for lines in pieces(stream, advance):
        for start in range(0, len(lines), most):
            numbered = enumerate(lines[start : start + most], number + start + 1)
            yield [(at, line) for at, line in numbered if line.strip()]
        number += len(lines)


def decode(line: bytes) -> Any:
    """Bytes that are no UTF-8 and halves of surrogate pairs become "�". ValueError for what is no JSON."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"The line is longer than {LONGEST_LINE:,} bytes.")
    line = line.removeprefix(_MARK)
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _forgiving(line, error)


def _forgiving(line: bytes, why: Exception) -> Any:
    """msgspec knows the better reason when Python's reader cannot read it either."""
    try:
        return _whole(json.loads(line.decode("utf-8", "replace"), strict=False))
    except (ValueError, RecursionError):
        raise ValueError(str(why)) from None


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value
