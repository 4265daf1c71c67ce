"""Northwind Outfitters, the demo's shop: what it knows, and who writes to it."""

import csv
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec
from msgspec import Struct

from socialai.sandbox.meta.records import Act

_HERE = Path(__file__).parent


class Timed(Protocol):
    """Something that a person does `after` seconds from the step before."""

    @property
    def after(self) -> float: ...


S = TypeVar("S", bound=Timed)


class Step(Act, frozen=True, kw_only=True):
    """What a person does in Messenger."""

    after: float


class Story(Struct, Generic[S], frozen=True, forbid_unknown_fields=True):
    """One person's visit: begins at `starts_at` seconds; `who` is the person's id there, `about` says what
    the visit is there to show."""

    name: str
    who: str
    locale: str
    about: str
    starts_at: float
    messages: tuple[S, ...]


def articles() -> list[tuple[str, str]]:
    """Title and Markdown text of each article; the text is without the title line."""
    return [_article(path.read_text("utf-8")) for path in sorted((_HERE / "articles").glob("*.md"))]


def faq() -> list[tuple[str, str]]:
    """Questions and their answers."""
    with (_HERE / "faq.csv").open(encoding="utf-8", newline="") as file:
        return [(row["question"], row["answer"]) for row in csv.DictReader(file)]


def traffic() -> list[Story[Step]]:
    """The first ten minutes in Messenger, in the order they begin."""
    return stories("messenger", Step)


def stories(network: str, step: type[S]) -> list[Story[S]]:
    """What people do there, as traffic/<network>.jsonl has it: one visit a line."""
    lines = (_HERE / "traffic" / f"{network}.jsonl").read_text("utf-8").splitlines()
    return [msgspec.json.decode(line, type=Story[step]) for line in lines]  # type: ignore[valid-type]


def _article(text: str) -> tuple[str, str]:
    title, _, rest = text.partition("\n")
    return title.removeprefix("# ").strip(), rest.strip()
