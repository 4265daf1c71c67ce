"""Northwind Outfitters, the demo's shop: what it knows, and who writes to it."""

import csv
from pathlib import Path

import msgspec
from msgspec import Struct

from socialai.sandbox.meta.records import Act

_HERE = Path(__file__).parent


class Step(Act, frozen=True, kw_only=True):
    """What a person does `after` seconds from the step before."""

    after: float


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    """One person's visit: begins at `starts_at` seconds; `about` says what it is there to show."""

    name: str
    psid: str
    locale: str
    about: str
    starts_at: float
    messages: tuple[Step, ...]


def articles() -> list[tuple[str, str]]:
    """Title and Markdown text of each article; the text is without the title line."""
    return [_article(path.read_text("utf-8")) for path in sorted((_HERE / "articles").glob("*.md"))]


def faq() -> list[tuple[str, str]]:
    """Questions and their answers."""
    with (_HERE / "faq.csv").open(encoding="utf-8", newline="") as file:
        return [(row["question"], row["answer"]) for row in csv.DictReader(file)]


def traffic() -> list[Story]:
    """The first ten minutes, in the order they begin."""
    lines = (_HERE / "traffic.jsonl").read_text("utf-8").splitlines()
    return [msgspec.json.decode(line, type=Story) for line in lines]


def _article(text: str) -> tuple[str, str]:
    title, _, rest = text.partition("\n")
    return title.removeprefix("# ").strip(), rest.strip()
