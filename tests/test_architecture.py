"""The shape of the program: where things are, how long they may be, what they may be called."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialai.context import App
from socialai.platforms.registry import PLATFORMS

ROOT = Path(__file__).parents[1]
TOP = {"socialai", "web", "models", "migrations", "packaging", "tests", ".ci", ".github"}
FOLDERS = set(
    "domain store platforms crms inference knowledge agents jobs routes security sandbox cli".split()
)
FOLDERS |= {"tunnel", "places"}  # the way in from outside, and where backups are put
FOLDERS |= {"upgrades"}  # of the program itself
FOLDERS |= {"actions"}  # what a person does, shared by pages and API
VAGUE = {"utils", "helpers", "common", "core", "manager", "service"}
ALLOWED = {"chunk"}
"""The design's own word; the standard library's went with Python 3.13."""

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 10
MOST_FIELDS = 11

_SQL = re.compile(
    r"(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\s", re.IGNORECASE | re.DOTALL
)
_STORES = ("store", "cli/benches", "sandbox")
"""Benches look at files as they lie; the sandbox is the outside and has a memory of its own."""


def _tracked() -> list[str]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("This is no checkout.")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def _modules(folder: str = "") -> list[str]:
    return [name for name in _tracked() if name.endswith(".py") and name.startswith(folder)]


def _functions(name: str) -> Iterator[tuple[str, int]]:
    """Each with its length without the docstring."""
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno
            yield f"{name}:{node.name}", node.end_lineno - node.lineno + 1 - _docstring(node)


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


def test_the_top_folders_are_the_designs() -> None:
    assert {name.split("/")[0] for name in _tracked() if "/" in name} == TOP


def test_the_programs_folders_are_the_designs() -> None:
    assert {name.split("/")[1] for name in _modules("socialai/") if name.count("/") > 1} <= FOLDERS


def test_no_file_is_longer_than_can_be_held_in_mind() -> None:
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in _modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen_and_most_are_short() -> None:
    everywhere = [function for name in _modules() for function in _functions(name)]
    assert {name: lines for name, lines in everywhere if lines > LONGEST_FUNCTION} == {}
    ours = sorted(lines for name, lines in everywhere if name.startswith("socialai/"))
    assert ours[len(ours) // 2] < MEDIAN_FUNCTION


def test_no_module_has_a_name_of_the_standard_library_or_none_of_its_own() -> None:
    names = {name: set(Path(name).with_suffix("").parts[1:]) - ALLOWED for name in _modules("socialai/")}
    taken = VAGUE | set(sys.stdlib_module_names) - {"__main__"}
    assert {name: words & taken for name, words in names.items() if words & taken} == {}


def test_sql_is_in_the_store_only() -> None:
    modules = [
        name for name in _modules("socialai/") if not name.startswith(tuple(f"socialai/{s}" for s in _STORES))
    ]
    assert [name for name in modules if _says_sql(name)] == []


def _says_sql(name: str) -> bool:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    return any(
        isinstance(argument, ast.Constant) and isinstance(argument.value, str) and _SQL.search(argument.value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr.startswith("execute")
        for argument in call.args
    )


def test_sqlite_is_only_ever_the_one_library() -> None:
    """Two on one file break each other's locks, so the swap comes before everything else."""
    first = ast.parse((ROOT / "socialai" / "__init__.py").read_text(encoding="utf-8")).body
    imported = [alias.name for node in first if isinstance(node, ast.Import) for alias in node.names]
    assert set(imported) <= {"os", "sys", "pysqlite3"}


def test_no_adapter_knows_another() -> None:
    """What several share is beside them, or in `meta` for Meta's three."""
    assert [
        (name, imported)
        for name in _modules("socialai/platforms/")
        if (folder := Path(name).parts[2]) in PLATFORMS
        for imported in _imported(name)
        if re.match(rf"socialai\.platforms\.(?!{folder}\b)({'|'.join(PLATFORMS)})\b", imported)
    ] == []


def _imported(name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_nothing_outside_an_adapter_asks_which_platform_it_is() -> None:
    """Its capabilities say what it can do."""
    asks = re.compile(rf"platform\s*(==|!=|in)\s*[(\[{{]?\s*[\"']({'|'.join(PLATFORMS)})[\"']")
    everywhere = [
        name
        for name in _tracked()
        if name.startswith(("socialai/", "web/templates/")) and name.endswith((".py", ".html"))
        if not name.startswith(("socialai/platforms/", "socialai/sandbox/"))
    ]
    assert [name for name in everywhere if asks.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_the_app_stays_small() -> None:
    assert len(App.__annotations__) <= MOST_FIELDS


def test_packaging_hides_no_package_of_its_name() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_nothing_is_tracked_that_a_build_or_a_run_makes() -> None:
    made = re.compile(r"(^|/)(node_modules|vendor|dist|build|__pycache__|\.venv)/|\.(pyc|db|key|log|whl)$")
    assert [name for name in _tracked() if made.search(name)] == []
