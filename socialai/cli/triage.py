"""socialai triage: understand many texts, one JSON result a line."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Protocol

import msgspec
import typer
from msgspec import UNSET, Meta, Struct, UnsetType

from socialai.actions import triage as actions
from socialai.cli.options import TenantOption, choose
from socialai.cli.output import Advance, progress, warn
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.policy import Policy
from socialai.domain.triage import Triage
from socialai.store import policies, tenants

_LONGEST_LINE = 1024 * 1024
_LONGEST_TEXT = 20_000
_PIECE = 64 * 1024

Id = str | int | None | UnsetType


class _Bytes(Protocol):
    """A file or a pipe; `read1` gives what is there without waiting for more."""

    def read1(self, size: int, /) -> bytes: ...


class _Asked(Struct):
    text: Annotated[str, Meta(max_length=_LONGEST_TEXT)]
    id: Id = UNSET


class _Bad(Struct):
    error: str
    line: int


def triage(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A JSONL file, or - for standard input.")],
    tenant: TenantOption = None,
) -> None:
    """Understand texts: each line of JSON with a "text" (and an "id") gives one JSON result, in order.

    A line that cannot be read gives an "error" and its "line" number; the exit code is then 1.

    \b
    socialai triage messages.jsonl > understood.jsonl
    cat messages.jsonl | socialai triage -
    """
    size, source = _source(file)
    with program(context).opened() as app, source as stream:
        policy = _policy(app, tenant)
        with progress("Understanding", size) as advance:
            bad = sum(_answer(app, policy, batch) for batch in _batches(stream, advance))
    if bad:
        warn(f"{bad} {'line' if bad == 1 else 'lines'} could not be read; the results say why.")
        raise typer.Exit(1)


def _source(file: str) -> tuple[int | None, AbstractContextManager[Any]]:
    """How many bytes it has, if that is known, and its bytes."""
    if file == "-":
        return None, nullcontext(typer.get_binary_stream("stdin"))
    try:
        return Path(file).stat().st_size, Path(file).open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from None


def _policy(app: App, tenant_id: str | None) -> Policy:
    """A tenant's own rules; the usual ones while there is no tenant."""
    if tenant_id is None and not app.files.app.read(tenants.tenants):
        return Policy()
    return app.files.tenant(choose(app, tenant_id)).read(policies.get)


def _answer(app: App, policy: Policy, batch: Sequence[_Asked | _Bad]) -> int:
    """Print one line for each; how many were bad."""
    asked = [line for line in batch if isinstance(line, _Asked)]
    understood = iter(actions.triage(app, policy, [line.text for line in asked]))
    for line in batch:
        typer.echo(msgspec.json.encode(_result(line, next(understood)) if isinstance(line, _Asked) else line))
    return len(batch) - len(asked)


def _result(asked: _Asked, understood: Triage) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(understood)
    return fields if asked.id is UNSET else {"id": asked.id, **fields}


def _batches(stream: _Bytes, advance: Advance) -> Iterator[list[_Asked | _Bad]]:
    """What has arrived so far, at most a batch at once: a slow pipe is answered line by line."""
    number = 0
    for lines in _lines(stream, advance):
        for start in range(0, len(lines), actions.MOST):
            numbered = enumerate(lines[start : start + actions.MOST], number + start + 1)
            yield [_read(line, at) for at, line in numbered if line.strip()]
        number += len(lines)


def _lines(stream: _Bytes, advance: Advance) -> Iterator[list[bytes]]:
    """The complete lines of each piece; of a line that is too long only as much as shows it."""
    rest = b""
    while piece := stream.read1(_PIECE):
        advance(len(piece))
        *complete, rest = (rest + piece).split(b"\n")
        rest = rest[: _LONGEST_LINE + 1]
        yield complete
    if rest:
        yield [rest]


def _read(line: bytes, number: int) -> _Asked | _Bad:
    if len(line) > _LONGEST_LINE:
        return _Bad(f"The line is longer than {_LONGEST_LINE:,} bytes.", number)
    try:
        asked = msgspec.json.decode(line, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _Bad(f'This is no line like {{"text": "…"}}: {error}', number)
    return asked if asked.text.strip() else _Bad("The text is empty.", number)
