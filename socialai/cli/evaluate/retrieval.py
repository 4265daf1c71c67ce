"""How often the passage that answers a question is found, on sets that nothing here was tuned on.

SQuAD: every paragraph of the dev set is an article and 2,000 of its questions are asked; the weights of the
search were chosen on 2,000 others. CLAP NQ: does the score tell questions with an answer from those without?
DSTC9 is in `faq`.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.sets import area
from socialai.domain.clock import utc_now
from socialai.inference.encoder import Encoder
from socialai.knowledge.index import Encode, build
from socialai.knowledge.search import search
from socialai.knowledge.shelf import fts_query
from socialai.knowledge.words import terms
from socialai.resources import resource
from socialai.store import articles, chunks
from socialai.store.db import Database
from socialai.store.migrate import migrate

QUESTIONS = 2000
DEPTH = 20

Vector = NDArray[np.float32]
Rank = Callable[[Connection, str, Vector], list[int]]
"""Ids of articles, best first; several chunks of one may name it more than once."""


class Text(Struct, frozen=True):
    """An article."""

    title: str
    text: str


class Question(Struct):
    """`answer` is the place of the text that holds the answer."""

    text: str
    vector: Vector
    answer: int


def run(shared: Path) -> list[Result]:
    encode = Encoder(resource("models", "encoder")).encode
    return [*_squad(shared / "data/squad_v11_dev", encode), *_clapnq(shared / "data/clapnq", encode)]


def _squad(folder: Path, encode: Encode) -> Iterator[Result]:
    paragraphs, rows = read_lines(folder / "paragraphs.jsonl.gz"), read_lines(folder / "questions.jsonl.gz")
    Random(0).shuffle(rows)
    questions = asked([(row["question"], row["para"]) for row in rows[:QUESTIONS]], encode)
    with knowledge(_untitled(row["text"] for row in paragraphs), encode) as db:
        for name, rank, floor in (
            ("vectors alone", by_vectors, "MiniLM alone 62.1 / 87.2"),
            ("words alone", by_words, "FTS5 BM25 alone 77.3 / 93.1"),
            ("hybrid", hybrid, "0.8 cosine + 0.2 BM25 78.6 / 95.8, with sentence windows 82 / 96.7"),
        ):
            yield from recall(f"SQuAD {name}", db, rank, questions, floor)


def _clapnq(folder: Path, encode: Encode) -> Iterator[Result]:
    answerable, unanswerable = (
        read_lines(folder / "dev_answerable.jsonl.gz"),
        read_lines(folder / "dev_unanswerable.jsonl.gz"),
    )
    rows = [*answerable, *unanswerable]
    questions = asked([(row["question"], place) for place, row in enumerate(rows)], encode)
    with knowledge(_untitled(row["passage"] for row in rows), encode) as db:
        yield from recall("CLAP NQ hybrid", db, hybrid, questions[: len(answerable)], "no figure of others")
        scores = [db.read(partial(_best_score, question=question)) for question in questions]
    apart = area(scores[: len(answerable)], scores[len(answerable) :])
    yield Result("CLAP NQ answerable or not, by score", apart, "AUROC", "cosine to its own passage .88")


def recall(
    name: str, db: Database, rank: Rank, questions: Sequence[Question], floor: str
) -> Iterator[Result]:
    places = [db.read(partial(_place, rank=rank, question=question)) for question in questions]
    for depth in (1, 5):
        value = 100 * float(np.mean([place < depth for place in places])) if places else None
        yield Result(f"{name} R@{depth}", value, "%", f"R@1 / R@5: {floor}")


def _place(db: Connection, rank: Rank, question: Question) -> int:
    """Articles are numbered from 1 in the order of their texts."""
    ranked = list(dict.fromkeys(rank(db, question.text, question.vector)))
    return ranked.index(question.answer + 1) if question.answer + 1 in ranked else DEPTH


def by_vectors(db: Connection, _question: str, vector: Vector) -> list[int]:
    return _articles_of(db, chunks.nearest(db, vector.tobytes(), DEPTH))


def by_words(db: Connection, question: str, _vector: Vector) -> list[int]:
    return _articles_of(db, list(chunks.matching(db, fts_query(terms(question)), DEPTH)))


def hybrid(db: Connection, question: str, vector: Vector) -> list[int]:
    return [hit.article_id for hit in search(db, question, vector, DEPTH)]


def _articles_of(db: Connection, ids: Sequence[int]) -> list[int]:
    found = {chunk.id: chunk.article_id for chunk in chunks.chunks(db, ids)}
    return [found[id_] for id_ in ids]


def _best_score(db: Connection, question: Question) -> float:
    return max((hit.score for hit in search(db, question.text, question.vector, 1)), default=0.0)


def asked(rows: Sequence[tuple[str, int]], encode: Encode) -> list[Question]:
    vectors = encode([text for text, _ in rows])
    return [Question(text, vector, answer) for (text, answer), vector in zip(rows, vectors, strict=True)]


def _untitled(texts: Iterable[str]) -> list[Text]:
    """Their titles say nothing, so that only the texts are found."""
    return [Text(f"Text{place}", text) for place, text in enumerate(texts)]


@contextmanager
def knowledge(texts: Sequence[Text], encode: Encode) -> Iterator[Database]:
    """A tenant's file with these texts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tenant.db"
        migrate(path, "tenant")
        db = Database(path)
        try:
            for text in texts:
                db.write(partial(_add, title=text.title, text=text.text, encode=encode))
            yield db
        finally:
            db.rest()


def _add(db: Connection, title: str, text: str, encode: Encode) -> None:
    now = utc_now()
    article = articles.add(db, title=title, kind="text", text=text, source="evaluation", now=now)
    articles.replace_chunks(db, article, build(encode, article), now)


def read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with gzip.open(path) as lines:
        return [msgspec.json.decode(line) for line in lines]
