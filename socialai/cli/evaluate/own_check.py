"""Our own held-out messages, written apart from the training ones, through the whole path."""

from collections.abc import Sequence

from socialai.cli.evaluate.lab import Lab
from socialai.cli.evaluate.labelled import Labelled, labelled
from socialai.cli.evaluate.path import Judged, judge
from socialai.cli.evaluate.score import Tally
from socialai.cli.evaluate.sets import read_own


def own_check(lab: Lab) -> dict[str, float]:
    rows = [labelled(row, number) for number, row in enumerate(read_own("messages_check.jsonl"), 1)]
    judged = judge(lab.models, [row.text for row in rows])
    tally = Tally()
    for row, said in zip(rows, judged, strict=True):
        tally.add(row, said)
    report = tally.report()
    figures = {f"own_{kind}": 100 * score.accuracy for kind, score in report.kinds.items()}
    if report.calibration_error is not None:
        figures["intent_ece"] = report.calibration_error
    if report.escalation and report.escalation.recall is not None:
        figures["own_escalate_recall"] = 100 * report.escalation.recall
        figures["own_escalate_precision"] = 100 * (report.escalation.precision or 0)
    return figures | _grave(rows, judged)


def _grave(rows: Sequence[Labelled], judged: Sequence[Judged]) -> dict[str, float]:
    """Who threatens, is in danger or demands a refund angrily: how many of them a person gets."""
    seen = [
        bool(said.reasons)
        for row, said in zip(rows, judged, strict=True)
        if row.escalate and (row.intent == "complaint" or row.urgency == "high")
    ]
    return {"grave_escalated": 100 * sum(seen) / len(seen)} if seen else {}
