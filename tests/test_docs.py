"""What the documents say is so: every setting, command and metric is in them, and nothing that is not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from socialai import cli
from socialai.context import App
from socialai.metrics import Metrics
from socialai.routes.edge import site
from socialai.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
OPTIONAL = {"web/static/vendor", "dist", "build"}
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_PATH = re.compile(r"`([a-z_]+/[\w./-]+)`")
_ADDRESS = re.compile(r"`(/[a-z][\w/.-]*)`")


def _settings() -> dict[str, str]:
    """The rows of README's table, one a setting: name and default."""
    table = README.partition("| setting | default | |")[2].partition("\n\n")[0]
    found: dict[str, str] = {}
    for line in table.splitlines()[2:]:
        _, names, defaults, _ = (cell.strip() for cell in line.split("|")[:4])
        several = re.findall(r"`(\w+)`", names)
        values = [defaults] if len(several) == 1 else defaults.split(", ")
        found |= dict(zip(several, values, strict=True))
    return found


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_written, value))
    if isinstance(value, int) and value >= 2**20:
        return f"{value // 2**20} MiB"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be given, by its words."""
    program = typer.Typer()
    cli.add_commands(program)
    waiting: list[tuple[str, Any]] = [("", get_command(program))]
    while waiting:
        words, command = waiting.pop()
        parts = getattr(command, "commands", {})
        waiting += [(f"{words} {name}".strip(), part) for name, part in parts.items()]
        if words:
            yield words, command


COMMANDS = dict(_commands())


def test_every_setting_is_in_the_readme_with_its_default(tmp_path: Path) -> None:
    defaults = Settings(data_dir=tmp_path)
    names = [name for name in Settings.__struct_fields__ if name != "data_dir"]
    written = {name: _written(getattr(defaults, name)) for name in names}
    assert _settings() == {"data_dir": "the user's data folder", **written}


def test_every_metric_is_in_the_readme_and_no_other() -> None:
    names = set(re.findall(r"^# HELP (\w+)", Metrics().render().decode(), re.MULTILINE))
    exposed = {name for name in names if not name.endswith("_created")}
    assert set(re.findall(r"`(socialai_\w+)`", README)) == exposed


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_every_command_and_every_option_says_what_it_does(words: str) -> None:
    command = COMMANDS[words]
    assert command.help
    unsaid = [option.name for option in command.params if option.name != "help" and not option.help]
    assert unsaid == []


def test_the_changelog_names_every_command() -> None:
    listed = re.search(r"^- Command line: (.*?)\.$", CHANGELOG, re.MULTILINE | re.DOTALL)
    assert listed
    assert set(re.split(r",\s+", listed[1])) == {words for words in COMMANDS if " " not in words}


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_command_in_a_document_can_be_given(document: str) -> None:
    given = re.findall(r"^socialai .*|`socialai ([^`]*)`", document, re.MULTILINE)
    lines = re.findall(r"(?:^|`)socialai ([^`#\n]+)", document, re.MULTILINE)
    assert len(lines) == len(given) > 0
    for line in lines:
        _can_be_given(line.split())


def test_every_command_in_the_help_pages_can_be_given() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "web/templates/help").glob("*.html")]
    lines = [line for text in texts for line in re.findall(r"<code>socialai ([^<]+)</code>", text)]
    assert lines
    for line in lines:
        _can_be_given([word for word in line.split() if word != "--help"])


def _can_be_given(words: list[str]) -> None:
    if words == ["--help"]:
        return
    command = COMMANDS.get(" ".join(words[:2])) or COMMANDS[words[0]]
    known = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_make_target_in_a_document_exists_and_has_its_line_of_help(document: str) -> None:
    helped = set(re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", document, re.MULTILINE)) <= helped


def test_every_make_target_has_its_line_of_help() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE)) == set(phony[1].split())


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_file_a_document_points_at_is_there(document: str) -> None:
    named = {name.rstrip("/") for name in (*_LINK.findall(document), *_PATH.findall(document))}
    places = (ROOT, ROOT / "socialai")
    asked = named - OPTIONAL - {name for name in named if "NNN" in name}
    assert [name for name in asked if not any((place / name).exists() for place in places)] == []


def test_every_module_the_readme_runs_is_there() -> None:
    modules = re.findall(r"python -m ([\w.]+)", README)
    assert modules
    assert all((ROOT / name.replace(".", "/")).with_suffix(".py").exists() for name in modules)


def test_every_address_in_the_readme_is_one_of_the_hub(app: App) -> None:
    addresses = {route.path for route in site(app).routes}
    named = set(_ADDRESS.findall(README))
    assert [name for name in named if not any(address.startswith(name) for address in addresses)] == []
