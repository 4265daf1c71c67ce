"""socialai eval triage FILE: any labelled file, through the whole path."""

import json
from pathlib import Path
from typing import Any

import pytest

from socialai.cli.evaluate.labelled import Labelled, labelled
from socialai.errors import InvalidInput
from tests.cli.conftest import Run
from tests.odd_texts import ODD

ROWS: list[dict[str, Any]] = [
    {"text": "Where is my order 10482?", "intent": "support", "urgency": "medium", "escalate": False},
    {
        "text": "I will sue you, I want my money back NOW!!",
        "acceptable": ["complaint", "support"],
        "escalate": "yes",
    },
    {"text": "Thank you so much, I love it!", "intent": "inquiry", "sentiment": "positive"},
    {"text": "How much is the blue tent?", "intent": "spam", "acceptable": "sales", "urgency": "low"},
]

SPAM_OR_SALES = frozenset({"spam", "sales"})


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(rows: list[Any]) -> Path:
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        (tmp_path / "some.jsonl").write_bytes(b"\n".join(lines))
        return tmp_path / "some.jsonl"

    return write


def report(run: Run, file: Path, *args: object) -> dict[str, Any]:
    done = run("eval", "triage", file, "--json", *args)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)["report"]
    return found


def test_everything_that_is_labelled_is_scored(run: Run, write: Any) -> None:
    found = report(run, write(ROWS))
    assert found["messages"] == 4
    assert {kind: score["messages"] for kind, score in found["kinds"].items()} == {
        "intent": 4,
        "intent acted on": 4,
        "sentiment": 1,
        "urgency": 2,
    }
    assert found["kinds"]["intent"]["accuracy"] == 1
    assert found["kinds"]["sentiment"] == {
        "messages": 1,
        "accuracy": 1.0,
        "macro_f1": 1.0,
        "labels": ["positive"],
        "confusion": [[1]],
    }
    assert 0 <= found["calibration_error"] <= 1
    assert found["escalation"]["recall"] == 1


def test_a_wrong_label_is_among_the_worst_mistakes_with_its_line(run: Run, write: Any) -> None:
    rows = [*ROWS, {"text": "How much is \x1b[2J the blue tent?", "intent": "spam"}]
    worst = next(each for each in report(run, write(rows))["worst"] if each["line"] == 5)
    assert (worst["kind"], worst["meant"], worst["said"]) == ("intent", "spam", "sales")
    assert worst["weight"] > 0.5
    assert "\x1b" not in worst["text"]


def test_the_file_never_says_angry_so_ours_is_negative(run: Run, write: Any) -> None:
    furious = "You are thieves and liars, I hate you, this is a disgusting scam!!"
    mild = report(run, write([{"text": furious, "sentiment": "negative"}]))
    assert mild["kinds"]["sentiment"]["accuracy"] == 1
    assert mild["worst"] == []
    four = report(run, write([{"text": furious, "sentiment": -0.5}, {"text": furious, "sentiment": -0.9}]))
    assert four["kinds"]["sentiment"]["accuracy"] == 0.5
    assert four["kinds"]["sentiment, angry as negative"]["accuracy"] == 1


def test_what_is_not_known_calls_nobody_here(run: Run, write: Any) -> None:
    rows = [{"text": "What time do you open on Saturday?", "escalate": False}]
    found = report(run, write(rows))["escalation"]
    assert (found["escalated"], found["recall"], found["precision"]) == (0, None, None)


def test_the_worst_are_as_many_as_wanted(run: Run, write: Any) -> None:
    rows = [{"text": f"Where is my order {number}?", "intent": "spam"} for number in range(30)]
    assert len(report(run, write(rows))["worst"]) == 10
    assert len(report(run, write(rows), "--worst", 3)["worst"]) == 3
    assert report(run, write(rows), "--worst", 0)["worst"] == []


def test_people_read_tables(run: Run, write: Any) -> None:
    done = run("eval", "triage", write(ROWS))
    assert done.exit_code == 0
    for part in ("4 messages", "Macro-F1", "Calibration error (ECE)", "recall 100.0 %", "meant (down)"):
        assert part in done.stdout


def test_bad_lines_are_named_with_what_to_do_and_the_others_count(run: Run, write: Any) -> None:
    file = write([ROWS[0], b"nope", {"text": 5}, {"text": "hi", "intent": "banana"}, [], b"", ROWS[1]])
    done = run("eval", "triage", file, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["report"]["messages"] == 2
    bad = json.loads(done.stdout)["bad_lines"]
    assert [line.split(":")[1] for line in bad] == ["2", "3", "4", "5"]
    assert f"{file}:4: \"intent\" is 'banana'; write sales, support, spam, inquiry, complaint." in done.stderr


def test_odd_texts_are_scored_as_every_other(run: Run, write: Any) -> None:
    rows = [{"text": text, "intent": "inquiry", "urgency": "low"} for text in ODD.values()]
    assert report(run, write(rows))["messages"] == len(ODD)


@pytest.mark.parametrize("rows", [[], [{"text": "hi", "note": "no label at all"}]])
def test_nothing_labelled_is_no_error(run: Run, write: Any, rows: list[Any]) -> None:
    assert report(run, write(rows))["kinds"] == {}
    assert run("eval", "triage", write(rows)).exit_code == 0


def test_a_missing_file_is_wrong_usage(run: Run) -> None:
    assert run("eval", "triage", "/nowhere.jsonl").exit_code == 2


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        ({}, {}),
        ({"intent": "Sales "}, {"intent": "sales", "intents": frozenset({"sales"})}),
        ({"acceptable": ["spam"]}, {"intents": frozenset({"spam"})}),
        ({"sentiment": -0.85}, {"mood": "angry"}),
        ({"sentiment": 0}, {"mood": "neutral"}),
        ({"sentiment": {"label": "angry", "score": -1}}, {"mood": "angry"}),
        ({"urgency": "critical", "escalate": "No"}, {"urgency": "high", "escalate": False}),
        ({"acceptable": "spam, Sales", "escalate": 1}, {"intents": SPAM_OR_SALES, "escalate": True}),
        ({"urgency": None, "intent": "", "id": 7}, {}),
    ],
)
def test_labels_are_read_as_people_write_them(row: dict[str, Any], meant: dict[str, Any]) -> None:
    assert labelled({"text": "hi", **row}, 3) == Labelled(line=3, text="hi", **meant)


@pytest.mark.parametrize(
    "row",
    [
        {"sentiment": 2},
        {"sentiment": "meh"},
        {"sentiment": True},
        {"urgency": 1},
        {"escalate": "maybe"},
        {"escalate": 2},
        {"acceptable": 5},
        {"acceptable": [None]},
        {"intent": ["sales"]},
    ],
)
def test_labels_that_mean_nothing_are_refused(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="; write "):
        labelled({"text": "hi", **row}, 1)
