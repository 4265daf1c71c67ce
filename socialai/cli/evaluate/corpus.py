"""Articles of a made-up shop, as many as wanted and always the same, to measure search at any size.

Their vectors come from their words by arithmetic: how long a search takes does not depend on what the
vectors mean, and encoding ten thousand chunks would take minutes.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from random import Random
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from socialai.knowledge.index import WIDTH, build
from socialai.store import articles, chunks

Vectors = NDArray[np.float32]

_THINGS = (
    "tent,sleeping bag,backpack,rain jacket,headlamp,stove,pair of boots,water filter,hammock,trekking pole,"
    "dry bag,fleece,cooler,camp chair,compass,first-aid kit,paddle,climbing rope,harness,thermal flask,hat"
).split(",")
_PLACES = (
    "Norway,Sweden,Finland,Denmark,Iceland,Germany,France,Spain,Portugal,Italy,Austria,Switzerland,Poland,Ireland,"
    "Belgium,Estonia,Latvia,Lithuania,Greece,Croatia,Canada,Japan,Australia,New Zealand"
).split(",")
_MAKES = (
    "Fjell,Tarn,Ridge,Birch,Summit,Harbour,Polar,Cedar,Granite,Meadow,Storm,Ember,Heron,Larch,Osprey".split(
        ","
    )
)
_SENTENCES = (
    "The {make} {number} {thing} costs {price} EUR and weighs {weight} grams.",
    "We send the {make} {number} to {place} within {days} working days for {fee} EUR.",
    "You may return a {thing} from {place} within {term} days if it is unused.",
    "Wash the {thing} by hand at {count} degrees and dry it in the shade.",
    "Its warranty covers seams and zips for {term} months, but not wear.",
    "If the {thing} arrives damaged, send us two photos and your order number.",
    "Customers in {place} pay {fee} EUR for a repair of the {make} {number}.",
    "The spare part {make}-{weight} fits every {thing} that weighs over {weight} grams.",
    "Our shop in {place} keeps the {thing} in {count} colours and is open {days} hours a day.",
    "Orders of more than {count} pieces get {days} percent off for {term} days.",
    "The {make} series was tested in {place} at minus {fee} degrees.",
    "Hire a {thing} in {place} for {fee} EUR a day with a deposit of {price} EUR.",
)
_TOPICS = "Care,Prices,Delivery,Returns,Warranty,Spare parts,Hire,Sizes,Repairs,Materials".split(",")
_QUESTIONS = (
    "How long does delivery of the {make} {number} to {place} take and what does it cost?",
    "Can I return a {thing} bought in {place}?",
    "what is the warranty on the {make} {thing}",
    "Do you have the {thing} in other colours in your shop in {place}?",
    "How should I wash my {make} {thing}?",
)


def fill(db: Connection, wanted: int, now: datetime, first: int = 0) -> int:
    """Add articles, numbered from `first` on, until there are `wanted` chunks or more; how many there are."""
    number = first
    while (there := chunks.count(db)) < wanted:
        title, text = written_article(number)
        article = articles.add(db, title=title, kind="markdown", text=text, source="bench", now=now)
        articles.replace_chunks(db, article, build(arithmetic, article), now)
        number += 1
    return there


def questions(count: int) -> list[str]:
    """What people would ask of these articles."""
    return [
        Random(-number).choice(_QUESTIONS).format_map(_facts(Random(-number)))
        for number in range(1, count + 1)
    ]


def arithmetic(texts: Sequence[str]) -> Vectors:
    """Unit vectors that are alike when the texts share words."""
    sums = np.stack([np.sum([_direction(word) for word in text.lower().split()], axis=0) for text in texts])
    vectors: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return vectors


@lru_cache(maxsize=20_000)
def _direction(word: str) -> Vectors:
    direction: Vectors = np.random.default_rng(zlib.crc32(word.encode())).standard_normal(WIDTH, np.float32)
    return direction


def written_article(number: int) -> tuple[str, str]:
    random = Random(number)
    facts = _facts(random)
    about = {name: facts[name] for name in ("make", "number", "thing")}
    sections = (_section(random, topic, about) for topic in random.sample(_TOPICS, 5))
    return "{make} {number} {thing}".format_map(facts), "\n\n".join(sections)


def _section(random: Random, topic: str, about: dict[str, str]) -> str:
    sentences = random.sample(_SENTENCES, random.randint(3, 6))
    text = " ".join(sentence.format_map(_facts(random) | about) for sentence in sentences)
    return f"## {topic} in {random.choice(_PLACES)}\n\n{text}"


def _facts(random: Random) -> dict[str, str]:
    numbers = {
        name: str(random.randint(2, most))
        for name, most in (
            ("price", 400),
            ("weight", 4000),
            ("days", 14),
            ("fee", 60),
            ("term", 60),
            ("count", 40),
        )
    }
    return numbers | {
        "make": random.choice(_MAKES),
        "thing": random.choice(_THINGS),
        "number": str(random.randint(10, 999)),
        "place": random.choice(_PLACES),
    }
