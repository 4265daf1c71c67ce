"""Compare an article with the others: what gives other numbers for the same thing is reported."""

import sqlite3
from collections.abc import Iterator

import numpy as np

from socialai.context import App
from socialai.domain.contradiction import Clash
from socialai.errors import NotFound
from socialai.knowledge.clash import clash, has_numbers
from socialai.knowledge.index import WIDTH, Vectors
from socialai.store import articles, chunks, contradictions
from socialai.store.contradictions import Piece

_MOST_PIECES = 200
_MOST_SENTENCES = 200
_NEAREST = 8
_ALIKE = 0.7
"""Cosine; the words decide."""


def compare(app: App, tenant_id: str, article_id: int) -> None:
    """At most 200 sentences, each with those of the eight passages nearest to it."""
    database = app.files.tenant(tenant_id)
    try:
        article = database.read(lambda db: articles.get(db, article_id))
    except NotFound:
        return
    indexed_at = article.indexed_at
    if indexed_at is None:
        return
    found = database.read(lambda db: list(dict.fromkeys(_clashes(db, article_id))))
    database.write(lambda db: contradictions.replace(db, article_id, indexed_at, found, app.clock()))
    if found:
        app.feed.tell(tenant_id, "knowledge")


def _clashes(db: sqlite3.Connection, article_id: int) -> Iterator[Clash]:
    left = _MOST_SENTENCES
    for piece in contradictions.pieces(db, article_id, _MOST_PIECES):
        for sentence, vector in _numbered(piece):
            if left == 0:
                return
            left -= 1
            near = chunks.nearest(db, vector.tobytes(), _NEAREST)
            for other in contradictions.others(db, article_id, near):
                if _may_speak_of_the_same(piece.heading, other.heading):
                    yield from _against(sentence, vector, other)


def _against(sentence: str, vector: Vectors, other: Piece) -> Iterator[Clash]:
    for theirs, their_vector in _numbered(other):
        if float(vector @ their_vector) >= _ALIKE and clash(sentence, theirs):
            yield Clash(sentence, other.article_id, theirs)


def _numbered(piece: Piece) -> Iterator[tuple[str, Vectors]]:
    rows = np.frombuffer(piece.vectors, np.float32).reshape(-1, WIDTH)
    for sentence, vector in zip(piece.sentences, rows[1:], strict=False):
        if has_numbers(sentence):
            yield sentence, vector


def _may_speak_of_the_same(heading: str, other: str) -> bool:
    """'It takes 3 days' under Norway says nothing of 'It takes 5 days' under Canada."""
    one, two = set(heading.lower().split()), set(other.lower().split())
    return not one or not two or bool(one & two)
