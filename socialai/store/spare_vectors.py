"""Vectors of what an article said before it was changed: what it still says is not encoded again."""

import sqlite3
from collections.abc import Iterator

import msgspec

from socialai.domain.knowledge import encoded, text_digest

_BYTES = 384 * 4


def keep(db: sqlite3.Connection, article_id: int) -> None:
    """Those of its chunks, which are about to be removed."""
    rows = db.execute(
        """
        select title, heading, words, sentences, question, vectors
        from chunk join chunk_word on chunk_word.rowid = chunk.id join article on article.id = article_id
        where article_id = ?
        """,
        (article_id,),
    ).fetchall()
    db.executemany(
        "insert or ignore into spare_vector (article_id, digest, vector) values (?, ?, ?)",
        [(article_id, digest, vector) for row in rows for digest, vector in _pairs(row)],
    )


def vectors(db: sqlite3.Connection, article_id: int) -> dict[bytes, bytes]:
    """By the digest of the text."""
    rows = db.execute("select digest, vector from spare_vector where article_id = ?", (article_id,))
    return {row["digest"]: row["vector"] for row in rows}


def forget(db: sqlite3.Connection, article_id: int) -> None:
    db.execute("delete from spare_vector where article_id = ?", (article_id,))


def forget_all(db: sqlite3.Connection) -> None:
    """Another encoder's vectors are of no use."""
    db.execute("delete from spare_vector")


def _pairs(row: sqlite3.Row) -> Iterator[tuple[bytes, bytes]]:
    """In the order in which a chunk keeps its vectors: the whole, each sentence, the question."""
    cut = msgspec.json.decode(row["sentences"])
    texts = encoded(row["words"], row["title"], row["heading"], row["question"], cut)
    for at, text in enumerate(texts):
        yield text_digest(text), row["vectors"][at * _BYTES : (at + 1) * _BYTES]
