"""socialai ask: what the hub would answer."""

from typing import Annotated

import typer

from socialai.actions import thinking
from socialai.actions.thinking import Answer
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, say
from socialai.cli.program import program
from socialai.domain.reply import WRITTEN_BY


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What a customer might write.")],
    tenant: TenantOption = None,
    platform: Annotated[str, typer.Option(help="Whose length limit the reply keeps.")] = "facebook",
    as_json: JsonOption = False,
) -> None:
    """Show what the hub would answer, and why. Nothing is kept or sent.

    \b
    socialai ask "Do you ship to Norway and what does it cost?"
    socialai ask --tenant acme --json "Where is my order 4711?"
    """
    with program(context).opened() as app:
        answer = thinking.ask(app, choose(app, tenant), question, platform)
    if as_json:
        print_json(answer)
    else:
        _show(answer)


def _show(answer: Answer) -> None:
    found = answer.metadata
    say(answer.reply or "(no reply)")
    say("")
    if found.tier:
        say(f"Written    {WRITTEN_BY[found.tier]}")
    say(f"Intent     {answer.intent}, {answer.confidence:.0%} sure")
    say(f"Mood       {found.sentiment.label} ({found.sentiment.score:+.2f}), urgency {found.urgency}")
    say(f"Lead       {answer.lead_score} of 100, {answer.lead_temperature}")
    say(f"Escalate   {'yes: a person gets it' if answer.should_escalate else 'no'}")
    for title, lines in (
        ("Because", answer.reasons),
        ("Names", [f"{entity.kind} {entity.value}" for entity in found.entities]),
        ("Sources", [f"{source.title} ({source.score:.2f})" for source in found.sources]),
    ):
        for number, line in enumerate(lines):
            say(f"{'' if number else title:<11}{line}")
    say(f"Took       {found.processing_time_ms:.0f} ms")
