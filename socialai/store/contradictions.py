"""Sentences of two articles that say different numbers of the same thing."""

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.domain.contradiction import Clash, Contradiction
from socialai.errors import NotFound
from socialai.store.records import to_records


class Piece(Struct, frozen=True):
    """A chunk as far as it is compared: `vectors` are of the whole, each sentence, the question."""

    id: int
    article_id: int
    heading: str
    sentences: tuple[str, ...]
    vectors: bytes


def uncompared(db: sqlite3.Connection, limit: int) -> list[int]:
    rows = db.execute(
        "select id from article where indexed_at is not null and compared_at is null order by id limit ?",
        (limit,),
    )
    return [row["id"] for row in rows]


def pieces(db: sqlite3.Connection, article_id: int, limit: int) -> list[Piece]:
    rows = db.execute(
        "select * from chunk where article_id = ? order by position limit ?", (article_id, limit)
    ).fetchall()
    return to_records(rows, Piece)


def others(db: sqlite3.Connection, article_id: int, chunk_ids: Sequence[int]) -> list[Piece]:
    """Of these chunks those of other articles that are valid at some time together with this one."""
    rows = db.execute(
        """
        select chunk.* from chunk
            join article as theirs on theirs.id = chunk.article_id
            join article as mine on mine.id = ?1
        where chunk.id in (select value from json_each(?2)) and theirs.id != mine.id
            and coalesce(theirs.valid_from, '') < coalesce(mine.valid_until, '9')
            and coalesce(mine.valid_from, '') < coalesce(theirs.valid_until, '9')
        """,
        (article_id, msgspec.json.encode(chunk_ids).decode()),
    ).fetchall()
    return to_records(rows, Piece)


def replace(
    db: sqlite3.Connection, article_id: int, indexed_at: datetime, found: Sequence[Clash], now: datetime
) -> None:
    """What an article contradicts as it is now; what was dismissed stays so. Nothing if it changed since."""
    same = db.execute(
        "update article set compared_at = ? where id = ? and indexed_at = ?",
        (stamp(now), article_id, stamp(indexed_at)),
    ).rowcount
    if not same:
        return
    db.execute(
        "delete from contradiction where state = 'open' and ?1 in (article_id, other_id)", (article_id,)
    )
    add(db, article_id, found, now)


def add(db: sqlite3.Connection, article_id: int, found: Sequence[Clash], now: datetime) -> None:
    for clash in found:
        db.execute(
            """
            insert into contradiction (digest, article_id, sentence, other_id, other_sentence, found_at)
            values (?, ?, ?, ?, ?, ?) on conflict (digest) do nothing
            """,
            (
                _digest(clash.sentence, clash.other_sentence),
                article_id,
                clash.sentence,
                clash.other_id,
                clash.other_sentence,
                stamp(now),
            ),
        )


def contradictions(
    db: sqlite3.Connection, *, before: int | None = None, limit: int = 50
) -> list[Contradiction]:
    """Newest first, without those of articles that are no longer there."""
    rows = db.execute(
        """
        select contradiction.*, article.title as title, other.title as other_title
        from contradiction join article on article.id = article_id
            join article as other on other.id = other_id
        where state = 'open' and (?1 is null or contradiction.id < ?1) order by contradiction.id desc limit ?2
        """,
        (before, limit),
    ).fetchall()
    return to_records(rows, Contradiction)


def count(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from contradiction where state = 'open'").fetchone()[0])


def dismiss(db: sqlite3.Connection, contradiction_id: int) -> None:
    """Both are right: not reported again while neither changes."""
    done = db.execute("update contradiction set state = 'dismissed' where id = ?", (contradiction_id,))
    if not done.rowcount:
        raise NotFound(f"There is no contradiction {contradiction_id}.")


def _digest(*sentences: str) -> bytes:
    return hashlib.sha256("\0".join(sorted(sentences)).encode()).digest()
