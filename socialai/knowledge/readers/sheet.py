"""A CSV file → questions and answers when it holds them, else one table."""

import csv
from collections.abc import Sequence

from socialai.errors import InvalidInput
from socialai.knowledge.faq import Pair, write_pairs
from socialai.knowledge.readers.document import Check, Document, one_line, table

_QUESTION = frozenset({"question", "questions", "q"})
_ANSWER = frozenset({"answer", "answers", "a"})
MAX_ROWS = 20_000

Rows = Sequence[Sequence[str]]


def read(text: str, check: Check) -> Document:
    rows = _rows(text, check)
    if pairs := _pairs(rows):
        return Document(title="", kind="faq", text=write_pairs(pairs))
    return Document(title="", kind="csv", text=table(rows))


def _rows(text: str, check: Check) -> Rows:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text)):
            check()
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > MAX_ROWS:
                raise InvalidInput(f"The table has more than {MAX_ROWS:,} rows. Split it and add the parts.")
    except csv.Error:
        raise InvalidInput(
            "This is not a CSV file. Save the table as CSV (UTF-8), then add it again."
        ) from None
    return rows


def _delimiter(text: str) -> str:
    header = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    return max(",;\t|", key=header.count)


def _pairs(rows: Rows) -> list[Pair]:
    """Columns named question and answer, or two columns of which the first asks."""
    if not rows:
        return []
    names = [one_line(cell).lower() for cell in rows[0]]
    question = next((at for at, name in enumerate(names) if name in _QUESTION), None)
    answer = next((at for at, name in enumerate(names) if name in _ANSWER), None)
    if question is not None and answer is not None:
        return _columns(rows[1:], question, answer)
    asks = sum(row[0].rstrip().endswith("?") for row in rows)
    return _columns(rows, 0, 1) if len(names) == 2 and asks * 5 >= len(rows) * 4 else []


def _columns(rows: Rows, question: int, answer: int) -> list[Pair]:
    last = max(question, answer)
    pairs = (Pair(one_line(row[question]), row[answer].strip()) for row in rows if len(row) > last)
    return [pair for pair in pairs if pair.question and pair.answer]
