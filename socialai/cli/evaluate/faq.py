"""DSTC9: is the snippet found that answers, among all that hotels, restaurants and sights were asked?

The customers' own words are not in the set. What is asked is the question that belongs to the snippet from
which a person wrote a reply, of that place, by its name; only the answers are in the knowledge. Of the
places that `models/recipes` learn from none is asked.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.retrieval import (
    Text,
    asked,
    by_vectors,
    by_words,
    hybrid,
    knowledge,
    read_lines,
    recall,
)
from socialai.cli.evaluate.sets import Row
from socialai.inference.encoder import Encoder
from socialai.resources import resource


def only_asked(domain: str, entity: str) -> bool:
    """Whether a place is kept out of all that is learnt, by a fixed fifth of their names."""
    return zlib.crc32(f"{domain}/{entity}".encode()) % 5 == 0


def run(shared: Path) -> Iterator[Result]:
    encode = Encoder(resource("models", "encoder")).encode
    rows = [
        row
        for row in read_lines(shared / "data/dstc9_faq/knowledge.jsonl.gz")
        if only_asked(row["domain"], str(row["entity_id"]))
    ]
    texts = list(dict.fromkeys(map(_text, rows)))
    place_of, row_of = {text: at for at, text in enumerate(texts)}, {_key(row): row for row in rows}
    replies = read_lines(shared / "data/dstc9_faq/test_responses.jsonl.gz")
    wanted = dict.fromkeys(_key(reply["knowledge"][0]) for reply in replies)
    asked_of = [row_of[key] for key in wanted if key in row_of]
    pairs = [(f"{_text(row).title}: {row['title']}", place_of[_text(row)]) for row in asked_of]
    questions = asked(pairs, encode)
    with knowledge(texts, encode) as db:
        for name, rank in (("vectors alone", by_vectors), ("words alone", by_words), ("hybrid", hybrid)):
            yield from recall(f"DSTC9 {name}", db, rank, questions, "better than each part alone")


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("domain", "entity_id", "doc_id"))


def _text(row: Row) -> Text:
    return Text(str(row["entity"] or row["domain"]), row["body"])
