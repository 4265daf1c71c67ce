"""socialai eval: the models, measured on data they were not trained on."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from socialai.cli.evaluate import injection, intents, own_intents, retrieval, spam, triage
from socialai.cli.evaluate.result import Result
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, progress, table, warn
from socialai.errors import InvalidInput

EVALUATIONS: dict[str, Callable[[Path], list[Result]]] = {
    "sentiment": triage.sentiment,
    "intents": triage.intents,
    "spam": spam.spam,
    "banking77": intents.banking,
    "clinc150": intents.clinc,
    "actions": intents.actions,
    "injection": injection.injection,
    "banking77-own": own_intents.banking,
    "clinc150-own": own_intents.clinc,
    "own": triage.own,
    "retrieval": retrieval.run,
}

Only = Annotated[
    list[str] | None, typer.Option("--only", help=f"One of: {', '.join(EVALUATIONS)}. May be given again.")
]


def evaluate(only: Only = None, as_json: JsonOption = False) -> None:
    """Measure the models on data they were not trained on, each figure beside what it is compared to.

    The sets are read from $SOCIALAI_SHARED (../shared unless set); what is absent is skipped.
    """
    names = only or list(EVALUATIONS)
    if unknown := set(names) - set(EVALUATIONS):
        raise InvalidInput(
            f"There is no evaluation {', '.join(sorted(unknown))}. Known: {', '.join(EVALUATIONS)}."
        )
    shared = Path(os.environ.get("SOCIALAI_SHARED", "../shared"))
    results: list[Result] = []
    with progress("Measuring", len(names)) as advance:
        for name in names:
            results += measure(name, shared)
            advance(1)
    if as_json:
        print_json(results)
    else:
        table(
            ("What", "Value", "", "Compared to"), [row(result) for result in results], "Nothing was measured."
        )


def measure(name: str, shared: Path) -> list[Result]:
    """One evaluation; a single result without a value when its data are absent."""
    try:
        return EVALUATIONS[name](shared)
    except FileNotFoundError as error:
        warn(f"{name} is skipped: {error.filename} is not there.")
        return [Result(name, None, "", "skipped: the data are not there")]


def row(result: Result) -> tuple[str, str, str, str]:
    value = "skipped" if result.value is None else f"{result.value:.{1 if result.unit == '%' else 3}f}"
    return result.name, value, result.unit, result.compared_to
