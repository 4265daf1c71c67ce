import json
from pathlib import Path

import pytest

from socialai.errors import NotFound
from tests.cli.conftest import Run


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\nUnused goods can be sent back within 30 days.\n")
    (folder / "hours.csv").write_text("question,answer\nWhen are you open?,From 9 to 17 on weekdays.\n")
    (folder / "empty.txt").write_text("   ")
    (folder / "image.bin").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    return folder


def test_what_is_added_is_found_at_once(run: Run, files: Path) -> None:
    done = run("knowledge", "add", files / "returns.md", files / "hours.csv", "-t", "acme")
    assert done.exit_code == 0, done.exception
    assert "returns.md: added as article" in done.stdout
    hits = json.loads(run("knowledge", "search", "can I send it back?", "-t", "acme", "--json").stdout)
    assert hits[0]["title"] == "Returns"
    shown = run("knowledge", "search", "when do you open", "-t", "acme", "--limit", 1).stdout
    assert "9 to 17" in shown
    listed = {
        article["title"]: article
        for article in json.loads(run("knowledge", "list", "-t", "acme", "--json").stdout)
    }
    assert listed["Returns"]["indexed_at"]
    assert listed["Returns"]["chunks"] == 1
    assert "indexed" in run("knowledge", "list", "-t", "acme").stdout


def test_a_file_that_is_there_already_is_left_as_it_is(run: Run, files: Path) -> None:
    assert run("knowledge", "add", files / "returns.md", "-t", "acme").exit_code == 0
    again = run("knowledge", "add", files / "returns.md", "-t", "acme")
    assert again.exit_code == 0
    assert "there already" in again.stdout


def test_a_bad_file_says_why_and_takes_no_other_along(run: Run, files: Path) -> None:
    names = ("empty.txt", "returns.md", "image.bin")
    done = run("knowledge", "add", *(files / name for name in names), "-t", "acme")
    assert done.exit_code == 1
    assert "empty.txt: The file is empty" in done.stderr
    assert "image.bin: " in done.stderr
    assert "returns.md: added" in done.stdout


def test_what_is_removed_is_found_no_more(run: Run, files: Path) -> None:
    run("knowledge", "add", files / "returns.md", "-t", "acme")
    article = json.loads(run("knowledge", "list", "-t", "acme", "--json").stdout)[0]
    assert run("knowledge", "remove", article["id"], "-t", "acme").exit_code == 0
    assert "send" not in run("knowledge", "search", "send back", "-t", "acme").stdout
    assert isinstance(run("knowledge", "remove", article["id"], "-t", "acme").exception, NotFound)


def test_a_missing_file_is_wrong_usage(run: Run) -> None:
    assert run("knowledge", "add", "/nowhere.md", "-t", "acme").exit_code == 2
