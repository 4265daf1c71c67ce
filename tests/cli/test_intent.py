"""socialai intent: taught, trained and tried from the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.inference.test_intents import EXAMPLES


def test_taught_from_files_trained_and_tried(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hiring.txt").write_text("\n".join(EXAMPLES[1]))
    rows = "\n".join(f'"{text}",Rental' for text in EXAMPLES[2])
    (tmp_path / "more.csv").write_text(f"text,intent\n{rows}\n")
    hiring = ("intent", "add", "Hiring", "--file", tmp_path / "hiring.txt", "--handling", "escalate")
    assert run(*hiring, "-t", "acme").exit_code == 0
    assert run("intent", "add", "--file", tmp_path / "more.csv", "-t", "acme").exit_code == 0
    listed = json.loads(run("intent", "list", "-t", "acme", "--json").stdout)
    assert {(one["name"], one["handling"]) for one in listed} >= {("Hiring", "escalate"), ("Rental", "usual")}
    trained = run("intent", "train", "-t", "acme")
    assert trained.exit_code == 0
    assert "2 intents from 12 examples" in trained.stdout
    tried = run("intent", "test", "are you hiring?", "the soup is cold", "-t", "acme", "--json")
    assert [one["intent"] and one["intent"]["name"] for one in json.loads(tried.stdout)] == ["Hiring", None]


def test_what_is_wrong_is_said(run: Run) -> None:
    few = run("intent", "add", "Few", "--example", "one", "-t", "acme")
    assert few.exit_code == 1
    odd = run("intent", "add", "Odd", "--example", "one", "--handling", "never", "-t", "acme")
    assert odd.exit_code == 1
