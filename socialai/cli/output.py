"""What commands print: lines and tables for people, JSON for programs, progress on stderr."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

Advance = Callable[[float], None]
_PIPED_WIDTH = 240


def print_json(value: Any) -> None:
    """One line, UTF-8 whatever the terminal's encoding is."""
    typer.echo(msgspec.json.encode(value))


def say(text: str) -> None:
    typer.echo(plain(text))


def warn(text: str) -> None:
    typer.secho(plain(text), fg="yellow", err=True)


def plain(text: str) -> str:
    """What customers wrote, without the codes by which a text can steer a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """`empty` is said when there are no rows."""
    if not rows:
        say(empty)
        return
    drawn = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        drawn.add_row(*(Text(plain(_cell(value)).replace("\n", " ")) for value in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    console.print(drawn)


@contextmanager
def progress(text: str, total: float | None = None) -> Iterator[Advance]:
    """A bar while stderr is a terminal; `total` None: a bar that only shows that it goes on."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(plain(text), total=total)
        yield lambda more: bar.advance(task, more)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
