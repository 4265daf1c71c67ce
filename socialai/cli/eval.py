"""socialai eval: the models, measured on data they were not trained on."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from socialai.cli.evaluate import attacks as attacking
from socialai.cli.evaluate import faq, grounding, lab, own_business, reach, retrieval, scored
from socialai.cli.evaluate import file as labelled_file
from socialai.cli.evaluate.reach import EVALUATIONS, Line
from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.score import WORST
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, progress, say, table, warn
from socialai.cli.program import program
from socialai.errors import InvalidInput

group = typer.Typer(
    name="eval", help="Measure the models on data they were not trained on.", invoke_without_command=True
)

Only = Annotated[
    list[str] | None, typer.Option("--only", help=f"One of: {', '.join(EVALUATIONS)}. May be given again.")
]
Worst = Annotated[
    int, typer.Option("--worst", min=0, max=1000, help="How many mistakes of each kind to show.")
]
_PLACES = {"%": 1, "AUROC": 3}
_MARKS = {True: "✓ reached", False: "✗ missed", None: ""}


@group.callback()
def everything(context: typer.Context, as_json: JsonOption = False) -> None:
    """Without a word behind it, everything is measured.

    The sets are read from $SOCIALAI_SHARED (../shared unless set); what is absent is skipped and said.
    """
    if context.invoked_subcommand:
        return
    found: dict[str, Any] = {
        "triage": _goals(list(EVALUATIONS)),
        "answers": list(own_business.run(program(context))),
        "retrieval": [*_retrieval(), *attacking.run(program(context), _shared())],
    }
    if as_json:
        print_json(found)
    else:
        for part in ("triage", "answers"):
            _show_goals(found[part])
            say("")
        _show_retrieval(found["retrieval"])


@group.command()
def triage(
    file: Annotated[
        str | None, typer.Argument(help="A labelled JSONL file, or - for standard input.")
    ] = None,
    only: Only = None,
    worst: Worst = WORST,
    as_json: JsonOption = False,
) -> None:
    """Measure triage: on the public sets and our own held-out messages, or on a labelled file of yours.

    Each line of a file is {"text": …, "intent": …, "acceptable": […], "sentiment": …, "urgency": …,
    "escalate": …}; all but the text may be left out. It prints accuracy, confusion, calibration, escalation
    and the worst mistakes. Exit code 2 when a line cannot be read.

    \b
    socialai eval triage
    socialai eval triage messages.jsonl --json
    """
    if file is not None:
        labelled_file.score_file(file, worst=worst, as_json=as_json)
        return
    names = only or list(EVALUATIONS)
    if unknown := set(names) - set(EVALUATIONS):
        known = ", ".join(EVALUATIONS)
        raise InvalidInput(f"There is no evaluation {', '.join(sorted(unknown))}. Known: {known}.")
    lines = _goals(names)
    if as_json:
        print_json(lines)
    else:
        _show_goals(lines)


@group.command("retrieval")
def find(as_json: JsonOption = False) -> None:
    """Measure whether the text that answers is found, and whether a reply is seen to be supported by it."""
    results = _retrieval()
    if as_json:
        print_json(results)
    else:
        _show_retrieval(results)


@group.command()
def attacks(context: typer.Context, as_json: JsonOption = False) -> None:
    """Attack the demo's shop with every attack of BIPIA, with and without a language model that obeys them.

    Exit code 1 when one changes a reply.
    """
    results = list(attacking.run(program(context), _shared()))
    if as_json:
        print_json(results)
    else:
        _show_retrieval(results)
    if any(result.value for result in results):
        raise typer.Exit(1)


group.command()(scored.answers)
group.command()(scored.support)


def _goals(names: list[str]) -> list[Line]:
    lines: list[Line] = []
    with lab.opened() as bench, progress("Measuring", len(names)) as advance:
        for name in names:
            lines += reach.run(bench, name)
            advance(1)
    for how in dict.fromkeys(line.how for line in lines if line.how.startswith("skipped")):
        warn(how.capitalize())
    return lines


def _show_goals(lines: list[Line]) -> None:
    rows = [
        (line.test, _figure(line), line.wanted, _MARKS[line.reached], line.floor, line.published, line.how)
        for line in lines
    ]
    columns = ("Test", "Ours", "Wanted", "", "Frozen encoder", "Published", "How")
    table(columns, rows, "Nothing was measured.")
    reached, judged = [line for line in lines if line.reached], [line for line in lines if line.wanted]
    say(f"{len(reached)} of {len(judged)} reached. Per cent, but for the calibration error.")


def _figure(line: Line) -> str:
    if line.ours is None:
        return "–"
    return f"{line.ours:.3f}" if line.ours < 1 else f"{line.ours:.1f}"


def _retrieval() -> list[Result]:
    return [*retrieval.run(_shared()), *faq.run(_shared()), *grounding.run(_shared())]


def _shared() -> Path:
    return Path(os.environ.get("SOCIALAI_SHARED", "../shared"))


def _show_retrieval(results: list[Result]) -> None:
    rows = [(each.name, _value(each), each.unit, each.compared_to) for each in results]
    table(("What", "Value", "", "Compared to"), rows, "Nothing was measured.")


def _value(result: Result) -> str:
    if result.value is None:
        return "skipped"
    return f"{result.value:.{_PLACES.get(result.unit, 0)}f}"
