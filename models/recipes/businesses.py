"""Whose knowledge is asked when it is learnt what answers: small businesses written for this, and DSTC9's."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from socialai.cli.evaluate.faq import only_asked

from .sets import RECIPES, Row, read_set

BUSINESSES = (
    "bicycle_shop",
    "campsite",
    "furniture_shop",
    "music_school",
    "hair_salon",
    "driving_school",
    "heating_plumbing",
    "coffee_roaster",
    "fitness_studio",
    "guest_house",
)
ENTITIES, OF_AN_ENTITY, LEAST = 60, 6, 14

Place = tuple[str, str]
"""DSTC9's domain and number of an entity."""

Article = tuple[str, str]
"""Title and text."""


class Business(NamedTuple):
    """`questions`: each with words of the passage that answers it, '' where none does."""

    articles: Sequence[Article]
    questions: Sequence[tuple[str, str]]
    kinds: tuple[str, str, str]


def own(name: str) -> Business:
    parts = re.split(r"^# (.+)$", (RECIPES / f"answering/{name}.md").read_text(encoding="utf-8"), flags=re.M)
    lines = (RECIPES / f"answering/{name}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("\t")[::2] for line in lines]
    return Business(
        list(zip(parts[1::2], map(str.strip, parts[2::2]), strict=True)),
        [(text, answer.strip()) for text, answer in pairs],
        ("answered", "none", "taken"),
    )


def entities() -> Iterator[Business]:
    """Hotels and restaurants: their answers are the knowledge, a few of their questions are asked."""
    random, found = Random(0), places()
    for key in sampled(found):
        rows = {row["body"]: row["title"] for row in reversed(found[key])}
        snippets = [(body, title) for body, title in rows.items() if _alone(body, rows)]
        yield Business(
            [("Information", body) for body, _ in snippets],
            [(title, body) for body, title in random.sample(snippets, OF_AN_ENTITY)],
            ("snippet", "none", "no snippet"),
        )


def sampled(found: Mapping[Place, Sequence[Row]]) -> list[Place]:
    """Of those that have much to say."""
    return Random(0).sample(sorted(key for key, rows in found.items() if len(rows) >= LEAST), ENTITIES)


def _alone(body: str, bodies: Iterable[str]) -> bool:
    """In one passage only, and not in the words of another."""
    return len(body) < 600 and not any(plain(body) in plain(other) for other in bodies if other != body)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|[€$£]", text.lower()))


def places() -> dict[Place, list[Row]]:
    """DSTC9's hotels and restaurants with their snippets, without those that are only asked."""
    rows: defaultdict[Place, list[Row]] = defaultdict(list)
    for row in read_set("dstc9_faq/knowledge"):
        if not only_asked(row["domain"], str(row["entity_id"])):
            rows[row["domain"], str(row["entity_id"])].append(row)
    return rows
