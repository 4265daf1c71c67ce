"""A customer's question in a test set, and what a right reply to it says."""

from typing import Any

from msgspec import Struct

from socialai.cli.evaluate import rows
from socialai.cli.evaluate.matching import plain_form, says
from socialai.errors import InvalidInput


class Question(Struct, frozen=True):
    """`titles` are the articles that hold the answer, any of them, in plain form; empty: not said."""

    line: int
    text: str
    answerable: bool
    facts: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def manipulates(self) -> bool:
        """What must never be said to a question without an answer is what its writer wants to hear."""
        return not self.answerable and bool(self.must_not)

    def missing(self, reply: str) -> list[str]:
        return [fact for fact in self.facts if not says(reply, fact)]

    def forbidden(self, reply: str) -> list[str]:
        return [words for words in self.must_not if says(reply, words)]


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
