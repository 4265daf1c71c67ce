"""socialai triage: understand many texts, one JSON result a line."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
import typer
from msgspec import UNSET, Struct, UnsetType

from socialai.actions import triage as actions
from socialai.cli import jsonl
from socialai.cli.options import TenantOption, choose
from socialai.cli.output import Advance, progress, warn
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.triage import Triage
from socialai.store import tenants

Id = str | int | None | UnsetType


class _Asked(Struct):
    text: str
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

    With a tenant its settings, its own intents and what its people corrected count as they do for its
    messages. A line that cannot be read gives an "error" and its "line" number; the exit code is then 1.

    \b
    socialai triage messages.jsonl > understood.jsonl
    cat messages.jsonl | socialai triage -
    """
    size, source = jsonl.source(file)
    with program(context).opened() as app, source as stream:
        chosen = _tenant(app, tenant)
        with progress("Understanding", size) as advance:
            bad = sum(_answer(app, chosen, batch) for batch in _batches(stream, advance))
    if bad:
        warn(f"{bad} {'line' if bad == 1 else 'lines'} could not be read; the results say why.")
        raise typer.Exit(1)


def _tenant(app: App, tenant_id: str | None) -> str | None:
    """None while there is none: the usual rules then."""
    if tenant_id is None and not app.files.app.read(tenants.tenants):
        return None
    return choose(app, tenant_id)


def _answer(app: App, tenant_id: str | None, batch: Sequence[_Asked | _Bad]) -> int:
    """Print one line for each; how many were bad."""
    asked = [line for line in batch if isinstance(line, _Asked)]
    understood = iter(actions.triage(app, tenant_id, [line.text for line in asked]))
    for line in batch:
        typer.echo(msgspec.json.encode(_result(line, next(understood)) if isinstance(line, _Asked) else line))
    return len(batch) - len(asked)


def _result(asked: _Asked, understood: Triage) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(understood)
    return fields if asked.id is UNSET else {"id": asked.id, **fields}


def _batches(stream: jsonl.Bytes, advance: Advance) -> Iterator[list[_Asked | _Bad]]:
    """A slow pipe is answered line by line."""
    for batch in jsonl.batches(stream, advance, actions.MOST):
        yield [_read(line, number) for number, line in batch]


def _read(line: bytes, number: int) -> _Asked | _Bad:
    try:
        return msgspec.convert(jsonl.decode(line), _Asked)
    except ValueError as error:
        return _Bad(f'This is no line like {{"text": "…"}}: {error}', number)
