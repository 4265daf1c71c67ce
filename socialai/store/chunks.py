"""What can be found: the chunks of a tenant's articles, their words (FTS5) and their vectors (sqlite-vec)."""

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from socialai.domain.knowledge import IndexedPassage, encoded
from socialai.store.records import as_json, to_records

_BYTES = 384 * 4  # the vector of the whole passage, by which it is looked up
_SLOTS = 1024  # sqlite-vec keeps vectors in blocks of as many, and never fills the hole a deleted one leaves


class StoredChunk(Struct, frozen=True):
    id: int
    article_id: int
    title: str
    heading: str
    question: str | None
    text: str
    sentences: tuple[str, ...]
    language: str = ""


def add(db: sqlite3.Connection, article_id: int, indexed: Sequence[IndexedPassage]) -> None:
    for position, item in enumerate(indexed):
        passage = item.passage
        chunk_id = db.execute(
            """
            insert into chunk (article_id, position, heading, question, text, sentences, vectors)
            values (?, ?, ?, ?, ?, ?, ?)
            """,
            (
                article_id,
                position,
                passage.heading,
                passage.question,
                passage.text,
                as_json(item.sentences),
                item.vectors,
            ),
        ).lastrowid
        db.execute("insert into chunk_word (rowid, words) values (?, ?)", (chunk_id, item.words))
        db.execute(
            "insert into chunk_vector (rowid, embedding) values (?, ?)", (chunk_id, item.vectors[:_BYTES])
        )
    _changed(db)


def remove(db: sqlite3.Connection, article_id: int) -> None:
    ids = db.execute("select id from chunk where article_id = ?", (article_id,)).fetchall()
    db.executemany("delete from chunk_word where rowid = ?", ids)
    db.executemany("delete from chunk_vector where rowid = ?", ids)
    db.execute("delete from chunk where article_id = ?", (article_id,))
    _close_holes(db)
    _changed(db)


def remove_all(db: sqlite3.Connection) -> None:
    db.execute("delete from chunk")
    db.execute("delete from chunk_word")
    _rebuild_vectors(db)
    _changed(db)


def nearest(db: sqlite3.Connection, vector: bytes, limit: int) -> list[int]:
    """Ids of the chunks closest to a vector of unit length."""
    rows = db.execute(
        "select rowid from chunk_vector where embedding match ? and k = ?", (vector, limit)
    ).fetchall()
    return [row["rowid"] for row in rows]


def matching(db: sqlite3.Connection, query: str, limit: int) -> dict[int, float]:
    """Chunk id → BM25 (more is better), the best `limit` of an FTS5 query."""
    rows = db.execute(
        "select rowid, -rank as score from chunk_word where chunk_word match ? order by rank, rowid limit ?",
        (query, limit),
    ).fetchall()
    return {row["rowid"]: row["score"] for row in rows}


def spread(db: sqlite3.Connection, query: str, chunk_id: int) -> tuple[int, bool]:
    """In how many chunks an FTS5 query is found, and whether in this one."""
    found, here = db.execute(
        "select count(*), coalesce(max(rowid = ?), 0) from chunk_word where chunk_word match ?",
        (chunk_id, query),
    ).fetchone()
    return found, bool(here)


def version(db: sqlite3.Connection) -> str:
    """Another one whenever what can be found has changed; the same one never comes again."""
    row = db.execute("select value from setting where name = 'chunks_version'").fetchone()
    return row["value"] if row else "unchanged"


def count(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from chunk").fetchone()[0])


def vectors(db: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """Chunk id and the vectors of its whole, its sentences and its question, by id."""
    rows = db.execute(f"select id, vectors from chunk where id in ({_marks(ids)}) order by id", tuple(ids))
    return [(row["id"], row["vectors"]) for row in rows.fetchall()]


def encoded_texts(db: sqlite3.Connection) -> list[str]:
    """Every text that has a vector."""
    rows = db.execute(
        """
        select words, title, heading, question, sentences from chunk
        join chunk_word on chunk_word.rowid = chunk.id join article on article.id = article_id
        """
    ).fetchall()
    return [
        text
        for words, title, heading, question, cut in rows
        for text in encoded(words, title, heading, question, msgspec.json.decode(cut))
    ]


def size(db: sqlite3.Connection) -> int:
    """Bytes of all vectors."""
    return int(db.execute("select coalesce(sum(length(vectors)), 0) from chunk").fetchone()[0])


def everything(db: sqlite3.Connection) -> tuple[list[StoredChunk], list[bytes]]:
    """All chunks by id, and the vectors of each."""
    rows = db.execute(
        """
        select chunk.id, article_id, title, heading, question, chunk.text, sentences, vectors, language
        from chunk join article on article.id = chunk.article_id order by chunk.id
        """
    ).fetchall()
    return to_records(rows, StoredChunk), [row["vectors"] for row in rows]


def chunks(db: sqlite3.Connection, ids: Sequence[int]) -> list[StoredChunk]:
    rows = db.execute(
        f"""
        select chunk.id, article_id, title, heading, question, chunk.text, sentences, language
        from chunk join article on article.id = chunk.article_id
        where chunk.id in ({_marks(ids)}) order by chunk.id
        """,
        tuple(ids),
    ).fetchall()
    return to_records(rows, StoredChunk)


def _marks(ids: Sequence[int]) -> str:
    return ", ".join("?" * len(ids))


def _changed(db: sqlite3.Connection) -> None:
    db.execute(
        """
        insert or replace into setting (name, value)
        values ('chunks_version', '"' || lower(hex(randomblob(8))) || '"')
        """
    )


def _close_holes(db: sqlite3.Connection) -> None:
    slots = db.execute("select count(*) from chunk_vector_chunks").fetchone()[0] * _SLOTS
    if slots > 2 * count(db) + 2 * _SLOTS:
        _rebuild_vectors(db)


def _rebuild_vectors(db: sqlite3.Connection) -> None:
    """Create anew: renaming a vec0 table breaks it."""
    declared = db.execute("select sql from sqlite_schema where name = 'chunk_vector'").fetchone()[0]
    db.execute("create temp table kept as select rowid as id, embedding from chunk_vector")
    db.execute("drop table chunk_vector")
    db.execute(declared)
    db.execute(
        "insert into chunk_vector (rowid, embedding) select id, embedding from kept join chunk using (id)"
    )
    db.execute("drop table kept")
