"""One labelled file through the whole path, and what of it was understood right."""

from collections.abc import Sequence

import typer
from msgspec import Struct

from socialai import settings
from socialai.cli import jsonl
from socialai.cli.evaluate.labelled import Labelled, read_line
from socialai.cli.evaluate.path import judge
from socialai.cli.evaluate.score import KindScore, Report, Tally
from socialai.cli.output import print_json, progress, say, table, warn
from socialai.errors import InvalidInput
from socialai.inference.models import Models
from socialai.inference.serving import serving

_BATCH = 256
_MOST_TOLD = 20


class Outcome(Struct, frozen=True):
    file: str
    report: Report
    bad_lines: tuple[str, ...]


def score_file(file: str, *, worst: int, as_json: bool) -> None:
    """Exit code 2 when a line could not be read; the others are scored all the same."""
    outcome = measure(file, worst)
    if as_json:
        print_json(outcome)
    else:
        show(outcome.report)
    for bad in outcome.bad_lines[:_MOST_TOLD]:
        warn(bad)
    if outcome.bad_lines:
        warn(f"{len(outcome.bad_lines)} lines could not be read and are not counted.")
        raise typer.Exit(2)


def measure(file: str, worst: int) -> Outcome:
    tally, bad = Tally(worst), []
    size, source = jsonl.source(file)
    models = Models(serving(settings.load().data_dir).set)
    try:
        with source as stream, progress("Understanding", size) as advance:
            for batch in jsonl.batches(stream, advance, _BATCH):
                rows, wrong = _read(file, batch)
                bad += wrong
                for row, judged in zip(rows, judge(models, [row.text for row in rows]), strict=True):
                    tally.add(row, judged)
    finally:
        models.close()
    return Outcome(file, tally.report(), tuple(bad))


def _read(file: str, batch: Sequence[tuple[int, bytes]]) -> tuple[list[Labelled], list[str]]:
    rows, bad = [], []
    for number, line in batch:
        try:
            rows.append(read_line(line, number))
        except InvalidInput as error:
            bad.append(f"{file}:{number}: {error}")
    return rows, bad


def show(report: Report) -> None:
    say(f"{report.messages:,} messages. An acceptable intent counts as the right one.\n")
    rows = [(kind, s.messages, _percent(s.accuracy), f"{s.macro_f1:.3f}") for kind, s in report.kinds.items()]
    table(("", "Messages", "Accuracy", "Macro-F1"), rows, "The file has no labels.")
    if report.calibration_error is not None:
        error = f"{report.calibration_error:.3f}"
        say(f"\nCalibration error (ECE) of the intent's confidence: {error} (0 is best)")
    _show_escalation(report)
    for kind, score in report.kinds.items():
        _show_confusion(kind, score)
    if report.worst:
        say("\nThe worst mistakes, most confident or farthest off first:")
        worst = [(m.line, m.kind, m.meant, m.said, f"{m.weight:.2f}", m.text) for m in report.worst]
        table(("Line", "", "Meant", "Said", "How bad", "Text"), worst, "")


def _show_escalation(report: Report) -> None:
    found = report.escalation
    if found is None:
        return
    say(
        f"\nEscalation: recall {_percent(found.recall)} ({found.found} of {found.wanted} a person must see), "
        f"precision {_percent(found.precision)} ({found.found} of {found.escalated} a person gets)."
    )
    say("Only reasons that lie in the message count: nothing is known here, so nothing could be answered.")


def _show_confusion(kind: str, score: KindScore) -> None:
    say(f"\n{kind}: meant (down) and said (across)")
    rows = [(label, *counts) for label, counts in zip(score.labels, score.confusion, strict=True)]
    table(("", *score.labels), rows, "")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
