"""socialai bench: how fast the hub is on this machine, each figure beside what it is compared to."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from socialai.cli.benches import answer, backup, decide, intake, search, start, triage
from socialai.cli.benches.figure import FULL, SHORT, Extent, Figure, Say
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table, warn
from socialai.cli.program import Program, program
from socialai.errors import InvalidInput

Bench = Callable[[Program, Path, Extent, Say], list[Figure]]

BENCHES: dict[str, Bench] = {
    "intake": intake.measure,
    "decide": decide.measure,
    "search": search.measure,
    "answer": answer.measure,
    "triage": triage.measure,
    "start": start.measure,
    "backup": backup.measure,
}
_BUSY = 0.5
"""Programs waiting for each processor; with more the shares still hold, the times do not."""

Names = Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(BENCHES)}; all when none is named.")]
Only = Annotated[list[str] | None, typer.Option("--only", help="The same, one at a time.")]
Short = Annotated[bool, typer.Option("--short", help="To see that it runs: too little to measure anything.")]
Model = Annotated[Path | None, typer.Option("--gguf", help="Measure `answer` with this language model, too.")]


def bench(
    context: typer.Context,
    names: Names = None,
    only: Only = None,
    short: Short = False,
    gguf: Model = None,
    as_json: JsonOption = False,
) -> None:
    """Measure intake, decisions, search, triage, start, memory and backups.

    Each figure stands beside what it is compared to. It works in a folder of its own, which it removes
    again. Exit code 1 when a figure misses its border.
    """
    chosen = [*(names or []), *(only or [])] or list(BENCHES)
    if unknown := set(chosen) - set(BENCHES):
        raise InvalidInput(f"There is no bench {', '.join(sorted(unknown))}. Known: {', '.join(BENCHES)}.")
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    if load > _BUSY * processors:
        warn(f"Other programs are busy on this machine (load {load:.1f}, {processors} processors).")
    figures: list[Figure] = []
    for name in chosen:
        figures += measure(name, program(context), replace(SHORT if short else FULL, model=gguf))
    show(figures, as_json=as_json)
    if not short and any(figure.good is False for figure in figures):
        raise typer.Exit(1)


def measure(name: str, chosen: Program, extent: Extent) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="socialai-bench-") as folder:
        return BENCHES[name](chosen, Path(folder), extent, _tell)


def _tell(text: str) -> None:
    typer.echo(text, err=True)


def show(figures: list[Figure], *, as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    rows = [_row(figure) for figure in figures]
    table(("What", "Value", "", "Wanted", "", "Compared to"), rows, "Nothing was measured.")
    say("Memory is VmRSS of /proc. Intake waits for the disk: each delivery is on it before its 200.")


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "reached", False: "missed", None: ""}[figure.good]
    value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.1f}"
    return figure.name, value, figure.unit, figure.wanted, verdict, figure.compared_to
