"""socialai intent: a tenant's own intents, taught by examples."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from socialai.actions import intents as actions
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.domain.custom_intent import CustomGuess, CustomIntent, Handling, IntentsReport
from socialai.errors import InvalidInput
from socialai.security.permissions import operator
from socialai.store import custom_intents

group = typer.Typer(name="intent", help="A tenant's own intents, taught by examples.", no_args_is_help=True)

_SHOWN = 10


@group.command("add")
def add(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="What it is called; not for a CSV.")] = None,
    example: Annotated[list[str] | None, typer.Option(help="A text; give five or more.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="Examples, one a line; or a .csv with intent,text.", exists=True, dir_okay=False),
    ] = None,
    handling: Annotated[str, typer.Option(help="usual, escalate or auto.")] = "usual",
    tenant: TenantOption = None,
) -> None:
    """Teach an intent from five examples or more, or several from a CSV.

    \b
    socialai intent add "Wholesale" --file wholesale.txt --handling escalate
    socialai intent add --file intents.csv
    """
    with program(context).opened() as app:
        who = operator(choose(app, tenant))
        if file and file.suffix.lower() == ".csv":
            known = actions.add_sheet(app, who, file.read_bytes())
            say(f"{len(known)} intents are known now. Learn them: socialai intent train")
            return
        if not name:
            raise InvalidInput("Give the intent a name.")
        texts = [*(example or []), *(_lines(file) if file else [])]
        kept = actions.add(app, who, name, _handling(handling), texts)
        say(f'Added "{kept.name}" with {kept.examples} examples. Learn it: socialai intent train')


@group.command("list")
def list_(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Show the intents, by name."""
    with program(context).opened() as app:
        found = app.files.tenant(choose(app, tenant)).read(custom_intents.intents)
    if as_json:
        print_json(found)
    else:
        table(("Id", "Name", "Handling", "Examples"), [_row(intent) for intent in found], "None so far.")


@group.command("train")
def train(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Learn all examples now, and show how well they are told apart."""
    with program(context).opened() as app:
        found = actions.train(app, operator(choose(app, tenant)))
    if as_json:
        print_json(found)
    else:
        _show(found)


@group.command("test")
def try_out(
    context: typer.Context,
    texts: Annotated[list[str], typer.Argument(metavar="TEXT…", help="What a customer might write.")],
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which intent each text is taken for."""
    with program(context).opened() as app:
        guessed = actions.try_out(app, operator(choose(app, tenant)), texts)
    if as_json:
        print_json(guessed)
    else:
        table(("Text", "Intent", "Confidence"), [(one.text, *_said(one.intent)) for one in guessed], "")


def _said(guess: CustomGuess | None) -> tuple[str, str]:
    return (guess.name, f"{guess.confidence:.2f}") if guess else ("none of them", "")


def _handling(value: str) -> Handling:
    for known in get_args(Handling):
        if value == known:
            handling: Handling = known
            return handling
    raise InvalidInput(f"The handling is one of: {', '.join(get_args(Handling))}.")


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _row(intent: CustomIntent) -> tuple[object, ...]:
    return intent.id, intent.name, intent.handling, intent.examples


def _show(report: IntentsReport) -> None:
    say(
        f"{report.intents} intents from {report.examples} examples in {report.seconds:.1f} s: "
        f"{report.accuracy:.0%} of the examples are found by the others, {report.fitting:.0%} fit an intent."
    )
    worst = sorted(report.scores, key=lambda score: score.found)[:_SHOWN]
    table(
        ("Intent", "Examples", "Found"),
        [(score.name, score.examples, f"{score.found:.0%}") for score in worst],
        "",
    )
    for each in report.confusions[:_SHOWN]:
        say(
            f'"{each.text}" is {each.meant or "none"}, '
            f"taken for {each.said or 'none'} ({each.confidence:.2f})"
        )
    if report.waiting:
        say(f"Too few examples so far: {', '.join(report.waiting)}")
