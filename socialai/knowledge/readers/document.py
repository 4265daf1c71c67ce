"""What every reader gives, and the Markdown that more than one of them writes."""

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from socialai.domain.knowledge import ArticleKind
from socialai.errors import TooLarge

MAX_CHARACTERS = 1_000_000
MAX_COLUMNS = 100

Check = Callable[[], None]
"""Raises when reading has taken too long; called between pieces of work."""

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)


class Document(Struct, frozen=True):
    """`title` is empty when the file does not say one."""

    title: str
    kind: ArticleKind
    text: str


def first_heading(text: str) -> str:
    found = _HEADING.search(text)
    return found.group(1).rstrip().rstrip("#").rstrip() if found else ""


def heading(level: int, text: str) -> str:
    return f"{'#' * min(max(level, 1), 6)} {one_line(text)}"


def item(text: str) -> str:
    return f"- {one_line(text)}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its header."""
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise TooLarge(
            f"A table has more than {MAX_COLUMNS} columns. Remove those that customers do not need."
        )
    lines = [_table_line([*row, *[""] * (width - len(row))]) for row in rows]
    return "\n".join([*lines[:1], _table_line(["---"] * width), *lines[1:]])


def _table_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(one_line(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def one_line(text: str) -> str:
    return " ".join(text.split())
