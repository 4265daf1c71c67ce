"""The command line as a whole, run as a program."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from tests.cli.conftest import Run


def program(data_dir: Path, *args: str, input: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "socialai", *args],
        input=input,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "SOCIALAI_DATA_DIR": str(data_dir), "COLUMNS": "200", **env},
    )


def leaves(commands: typer.Typer) -> dict[str, str]:
    """Every command by its words, with its help."""
    found = {}
    for command in commands.registered_commands:
        assert command.callback
        found[command.name or command.callback.__name__] = command.callback.__doc__ or ""
    for group in commands.registered_groups:
        assert group.typer_instance
        name = group.typer_instance.info.name
        found |= {f"{name} {words}": text for words, text in leaves(group.typer_instance).items()}
    return found


def test_every_command_says_what_it_does(run: Run, commands: typer.Typer) -> None:
    for words, text in leaves(commands).items():
        done = run(*words.split(), "--help")
        assert done.exit_code == 0, words
        assert text.strip(), words
        assert text.strip().splitlines()[0][:30] in done.output, words


def test_every_command_of_the_product_is_there(commands: typer.Typer) -> None:
    wanted = "serve demo ask triage doctor backup restore".split()
    groups = {
        "tenant": "add list rename",
        "user": "add list role disable enable password",
        "channel": "add list mode check remove",
        "knowledge": "add list remove search",
        "dead-letters": "list show retry discard",
    }
    wanted += [f"{group} {name}" for group, names in groups.items() for name in names.split()]
    assert not set(wanted) - set(leaves(commands))


def test_every_command_that_a_help_or_message_names_exists(commands: typer.Typer) -> None:
    known = leaves(commands)
    first = {words.split()[0] for words in known}
    package = Path(__file__).parents[2] / "socialai"
    text = "\n".join(path.read_text() for path in package.rglob("*.py"))
    for named in re.findall(r"(?<![\w-])socialai ((?:[a-z-]+ ?){1,2})", re.sub(r'"\n\s+f?"', "", text)):
        words = [word for word in named.split() if not word.startswith("-")]  # a group has --help, too
        if words and words[0] in first:
            assert words[0] in known or " ".join(words[:2]) in known or len(words) == 1, named


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert program(tmp_path, "nonsense").returncode == 2
    assert program(tmp_path, "ask").returncode == 2
    assert program(tmp_path, "triage", "/nowhere.jsonl").returncode == 2


def test_a_refusal_is_a_sentence_and_exits_with_1(tmp_path: Path) -> None:
    done = program(tmp_path / "empty", "ask", "hello")
    assert done.returncode == 1
    assert done.stderr == "There is no tenant yet. Add one: socialai tenant add --help\n"
    assert done.stdout == ""


def test_wrong_settings_exit_with_3(tmp_path: Path) -> None:
    done = program(tmp_path, "tenant", "list", SOCIALAI_PORT="many")
    assert done.returncode == 3
    assert "SOCIALAI_" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert program(tmp_path / "data", "tenant", "list").returncode == 3


def test_a_whole_day_at_the_shell(tmp_path: Path) -> None:
    """From nothing to an answer, to a backup, to the same answer elsewhere."""
    hub, new = tmp_path / "hub", tmp_path / "new"
    (tmp_path / "shipping.md").write_text("# Shipping\n\nShipping to Norway costs 12 EUR.\n")
    added = program(
        hub,
        "tenant",
        "add",
        "Acme",
        "--owner",
        "a@b.example",
        "--password-stdin",
        input="green tomato soup\n",
    )
    assert added.returncode == 0, added.stderr
    assert program(hub, "knowledge", "add", str(tmp_path / "shipping.md")).returncode == 0
    asked = program(hub, "ask", "What does shipping to Norway cost?", "--json")
    assert "12 EUR" in json.loads(asked.stdout)["reply"]
    backup = program(hub, "backup", "--to", str(tmp_path / "usb"), "--json")
    path = json.loads(backup.stdout)["path"]
    restored = program(new, "restore", path, "--key", str(hub / "secret.key"))
    assert restored.returncode == 0, restored.stderr
    asked = program(new, "ask", "What does shipping to Norway cost?", "--json")
    assert "12 EUR" in json.loads(asked.stdout)["reply"]


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    lines = '{"text": "hello"}\n' * 3000
    command = f"{sys.executable} -m socialai triage - | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command],
        input=lines,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "SOCIALAI_DATA_DIR": str(tmp_path)},
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
