"""The rows of a test set that is read whole: JSON lines, of which the bad ones are told and left out."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import typer

from socialai.cli import jsonl
from socialai.cli.output import warn
from socialai.errors import InvalidInput

T = TypeVar("T")
Lines = Literal["all", "odd", "even"]

_BATCH = 256
_MOST_TOLD = 20
_LONGEST = 4000


def read_rows(file: str, parse: Callable[[Any, int], T], lines: Lines = "all") -> tuple[list[T], list[str]]:
    """The rows, and what to do about each line that is none, as 'file:line: …'."""
    rows: list[T] = []
    bad = []
    _, source = jsonl.source(file)
    with source as stream:
        for batch in jsonl.batches(stream, lambda _: None, _BATCH):
            for number, line in batch:
                if lines != "all" and (number % 2 == 1) != (lines == "odd"):
                    continue
                try:
                    rows.append(parse(_object(line), number))
                except InvalidInput as error:
                    bad.append(f"{file}:{number}: {error}")
    if not rows and not bad:
        raise InvalidInput(f"{file} has no lines to measure. Write one JSON object a line.")
    return rows, bad


def end(bad: Sequence[str]) -> None:
    """Exit code 2 when something in the file has to be put right."""
    for told in bad[:_MOST_TOLD]:
        warn(told)
    if bad:
        warn(f"{len(bad)} of its lines have to be put right.")
        raise typer.Exit(2)


def text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f'Write a "{name}": a text that is not empty.')
    if len(value) > _LONGEST:
        raise InvalidInput(f'"{name}" is longer than {_LONGEST} characters. Shorten it.')
    return value


def truth(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise InvalidInput(f'Write "{name}": true or false.')
    return value


def texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip("| ") for one in value):
        raise InvalidInput(f'"{name}" is no list of texts. Write "{name}": ["£42", "closed|not open"].')
    return tuple(value)


def _object(line: bytes) -> Any:
    try:
        row = jsonl.decode(line)
    except ValueError as error:
        raise InvalidInput(f"This is no JSON: {error}") from None
    if not isinstance(row, dict):
        raise InvalidInput('Write an object, like {"question": "…"}.')
    return row
