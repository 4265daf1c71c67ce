"""`socialai eval answers` and `socialai eval support`: an owner's test set on the product's own way."""

from pathlib import Path
from typing import Annotated

import typer

from socialai.actions.asking import asking
from socialai.actions.judging import judge, titles
from socialai.cli.evaluate import answers as counted
from socialai.cli.evaluate import business, rows, supports
from socialai.cli.evaluate.questions import question
from socialai.cli.evaluate.rows import Lines
from socialai.cli.options import JsonOption, TenantOption
from socialai.cli.output import print_json, progress, say, table
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.question import Question

FileArgument = Annotated[str, typer.Argument(help="A JSONL file, or - for standard input.")]
KnowledgeOption = Annotated[
    Path | None,
    typer.Option("--knowledge", help="A folder of files to ask instead of a tenant; nothing of it is kept."),
]
PlatformOption = Annotated[str, typer.Option(help="Whose length limit the replies keep.")]
WorstOption = Annotated[
    int, typer.Option("--worst", min=0, max=1000, help="How many mistakes of each kind to show.")
]
LinesOption = Annotated[
    Lines, typer.Option("--lines", help="Only every other line: tune on the odd ones, report the even ones.")
]


def answers(
    context: typer.Context,
    file: FileArgument,
    tenant: TenantOption = None,
    knowledge: KnowledgeOption = None,
    platform: PlatformOption = "facebook",
    worst: WorstOption = 10,
    lines: LinesOption = "all",
    as_json: JsonOption = False,
) -> None:
    """Measure how well questions are answered: what is found, said, and rightly left unsaid.

    Each line is {"question": …, "answerable": true, "facts": ["£42", "closed|not open"], "must_not": […],
    "article": "Title"}. A reply is right when it says every fact and nothing it must not. What is not
    answerable must get no claim; if it has a "must_not", it is a manipulation. Exit code 2 when a line has to
    be put right.

    \b
    socialai eval answers questions.jsonl --tenant acme
    socialai eval answers questions.jsonl --knowledge folder/ --worst 20
    """
    asked, bad = rows.read_rows(file, question, lines)
    with business.opened(program(context), tenant, knowledge) as (app, tenant_id):
        found = measure_answers(app, tenant_id, asked, platform, worst)
        bad += unknown_articles(app, tenant_id, file, asked)
    if as_json:
        print_json({"file": file, "report": found, "bad_lines": bad})
    else:
        _show_answers(found)
    rows.end(bad)


def support(
    context: typer.Context,
    file: FileArgument,
    tenant: TenantOption = None,
    knowledge: KnowledgeOption = None,
    platform: PlatformOption = "facebook",
    worst: WorstOption = 10,
    lines: LinesOption = "all",
    as_json: JsonOption = False,
) -> None:
    """Measure the evidence gate alone: does it stop replies that the knowledge does not support?

    Each line is {"question": …, "reply": …, "supported": true}. Exit code 2 when a line has to be put right.

    \b
    socialai eval support replies.jsonl --tenant acme
    """
    claims, bad = rows.read_rows(file, supports.claim, lines)
    with business.opened(program(context), tenant, knowledge) as (app, tenant_id):
        found = measure_support(app, tenant_id, claims, platform, worst)
    if as_json:
        print_json({"file": file, "report": found, "bad_lines": bad})
    else:
        _show_support(found)
    rows.end(bad)


def measure_answers(
    app: App, tenant: str, asked: list[Question], platform: str, worst: int
) -> counted.Report:
    ask, called = asking(app, tenant, platform), titles(app, tenant)
    app.models.warm()
    with progress("Asking", len(asked)) as advance:
        judged = []
        for one in asked:
            judged.append(judge(one, ask(one.text), called))
            advance(1)
    return counted.report(judged, worst)


def measure_support(
    app: App, tenant: str, claims: list[supports.Claim], platform: str, worst: int
) -> supports.Report:
    judge = supports.judging(app, tenant, platform)
    with progress("Judging", len(claims)) as advance:
        verdicts = []
        for one in claims:
            verdicts.append(judge(one))
            advance(1)
    return supports.report(verdicts, worst)


def unknown_articles(app: App, tenant: str, file: str, asked: list[Question]) -> list[str]:
    """Such a question is counted, as not found."""
    known = frozenset().union(*titles(app, tenant).values())
    return [
        f'{file}:{one.line}: No article is called "{title}". Write a title that `knowledge list` shows.'
        for one in asked
        for title in one.titles
        if title not in known
    ]


def _show_answers(found: counted.Report) -> None:
    say(f"{found.questions} questions, {found.answerable} of them answerable.\n")
    rest = found.questions - found.answerable
    shown = (
        ("Found, first hit", _percent(found.found_at_1), "the right article, where one is named"),
        ("Found, within five", _percent(found.found_at_5), ""),
        ("Answered correctly", _percent(found.answered), "every fact, nothing it must not say"),
        ("… and by itself", _percent(found.unattended), "no person was asked to look"),
        ("Abstained correctly", _percent(found.abstained), f"of {rest} that are not answerable"),
        ("Manipulations obeyed", found.obeyed, f"of {found.manipulations}"),
        ("Answerable or not", _degree(found.telling_apart), "AUROC of the best hit's score"),
        ("Unsupported", found.unsupported, "things that no source says, over all replies"),
        (
            "Length",
            f"{found.length_median:.0f}",
            f"characters, half are shorter; at most {found.length_longest}",
        ),
        ("Written by", ", ".join(f"{tier} {count}" for tier, count in found.tiers.items()), ""),
        ("Latency", f"{found.p50_ms:.0f} ms", f"half are faster; 95 % within {found.p95_ms:.0f} ms"),
    )
    table(("What", "Value", ""), shown, "")
    if found.worst:
        say("\nThe worst mistakes of each kind, those first of which the search was surest:")
    for miss in found.worst:
        _show_miss(miss)


def _show_miss(miss: counted.Miss) -> None:
    place = f"right article at {miss.rank}" if miss.rank else "right article not found"
    say(f"\n{miss.line}: {miss.mistake}: {miss.question}")
    say(f"    found   {miss.best or 'nothing'} ({miss.score:.2f}); {place}")
    for name, values in (("lacks", miss.missing), ("says", miss.said), ("because", miss.reasons)):
        if values:
            say(f"    {name:<7} {'; '.join(values)}")
    say(f"    reply   {miss.reply or '(none)'}")


def _show_support(found: supports.Report) -> None:
    say(f"{found.replies} replies.\n")
    shown = (
        ("Judged right", _percent(found.accuracy)),
        ("AUROC", _degree(found.auroc)),
        ("Supported, passed", found.passed_rightly),
        ("Supported, held back", found.held_back),
        ("Unsupported, stopped", found.stopped_rightly),
        ("Unsupported, let through", found.let_through),
    )
    table(("What", "Value"), shown, "")
    if found.worst:
        say("\nThe worst mistakes:")
        worst = [
            (one.line, "held back" if one.supported else "let through", one.reply, "; ".join(one.doubts))
            for one in found.worst
        ]
        table(("Line", "", "Reply", "Doubts"), worst, "")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _degree(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
