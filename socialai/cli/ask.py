"""socialai ask: what the hub would answer, and why."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from socialai.actions import cases
from socialai.actions.asking import Asked, asking
from socialai.actions.thinking import Answer, answered, checked_question
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, say
from socialai.cli.program import program
from socialai.domain.case import Wanted
from socialai.domain.reply import WRITTEN_BY
from socialai.domain.support import Checked
from socialai.security.permissions import operator


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What a customer might write.")],
    tenant: TenantOption = None,
    platform: Annotated[str, typer.Option(help="Whose length limit the reply keeps.")] = "facebook",
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Show what a language model was told and gave back.")
    ] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Keep the question as a test case, answered as it is now.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what the hub would answer, and why. Nothing is sent, and nothing kept unless you say --save.

    \b
    socialai ask "Do you ship to Norway and what does it cost?"
    socialai ask --tenant acme --json "Where is my order 4711?"
    """
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        asked = asking(app, tenant_id, platform)(checked_question(question))
        answer = answered(asked.decision, app.models.versions(), asked.milliseconds)
        if save:
            cases.keep(app, operator(tenant_id), wanted(question, asked, platform))
    if as_json:
        print_json(answer)
        return
    _show(answer, asked)
    if prompt:
        _show_prompts(asked)
    if save:
        say("Kept as a test case: socialai eval answers, or the playground, asks it again.")


def wanted(question: str, asked: Asked, platform: str) -> Wanted:
    """A test case that is right as long as the same article answers, or none does."""
    sources = asked.decision.sources
    return Wanted(question, asked.claims, article=sources[0].title if sources else "", platform=platform)


def _show(answer: Answer, asked: Asked) -> None:
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
        ("Evidence", _evidence(asked.decision.checked)),
        ("Found", [f"{hit.score:.2f} {hit.title}" for hit in asked.hits]),
        ("Time", [f"{ms:.1f} ms {stage}" for stage, ms in found.stage_ms.items()]),
    ):
        for number, line in enumerate(lines):
            say(f"{'' if number else title:<11}{line}")
    say(f"Took       {found.processing_time_ms:.0f} ms")


def _evidence(checked: Iterable[Checked]) -> Iterator[str]:
    for one in checked:
        if one.claims:
            yield f"{one.verdict}: {one.text}" + ("" if one.text == one.evidence else f" <- {one.evidence}")


def _show_prompts(asked: Asked) -> None:
    if not asked.told:
        say("No language model was asked.")
    for told in asked.told:
        say(f"\n--- system\n{told.system}\n--- user\n{told.user}\n--- it gave back\n{told.said}")
