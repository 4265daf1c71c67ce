"""Questions and answers in one text: a line that begins with `Q:`, then one that begins with `A:`."""

import re
from collections.abc import Iterable

from msgspec import Struct

_MARK = re.compile(r"^(?=[QA]:)", re.MULTILINE)


class Pair(Struct, frozen=True):
    """A text that stands before the first question has an empty `question`."""

    question: str
    answer: str


def write_pairs(pairs: Iterable[Pair]) -> str:
    """A line of an answer that looks like one of our marks gets a space before it."""
    return "\n\n".join(f"Q: {pair.question}\nA: {_MARK.sub(' ', pair.answer)}" for pair in pairs)


def read_pairs(text: str) -> list[Pair]:
    """Nothing is lost: what is not part of a pair comes back as an answer without a question."""
    return [_pair(part) for part in re.split(r"^(?=Q:)", text, flags=re.MULTILINE) if part.strip()]


def _pair(part: str) -> Pair:
    asked, mark, answer = part.partition("\nA:")
    if not part.startswith("Q:"):
        return Pair("", part.strip())
    question = " ".join(asked[2:].split())
    return Pair(question, answer.strip()) if mark and answer.strip() else Pair("", question)
