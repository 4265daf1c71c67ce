"""A line of a test set as a question."""

from typing import Any

from socialai.cli.evaluate import rows
from socialai.domain.matching import plain_form
from socialai.domain.question import Question
from socialai.errors import InvalidInput


def question(row: dict[str, Any], line: int) -> Question:
    """InvalidInput says what to write instead."""
    answerable, facts = rows.truth(row, "answerable"), rows.texts(row, "facts")
    if facts and not answerable:
        raise InvalidInput(
            'What is not answerable has no "facts". Leave them out, or write "answerable": true.'
        )
    return Question(
        line=line,
        text=rows.text(row, "question"),
        answerable=answerable,
        facts=facts,
        must_not=rows.texts(row, "must_not"),
        titles=_titles(row.get("article")),
    )


def _titles(value: Any) -> tuple[str, ...]:
    names = value.split("|") if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidInput(
            'Write "article": the title of the article that answers, or several as "One|Other".'
        )
    return tuple(plain_form(name) for name in names if name.strip())
