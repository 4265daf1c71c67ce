"""What a tenant's people wrote or uploaded. Chunks belong to an article and go when it changes."""

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp, stamp_or_none
from socialai.domain.knowledge import (
    ALWAYS,
    SOON,
    Article,
    ArticleKind,
    ArticleState,
    ArticleSummary,
    IndexedPassage,
    KnowledgeCounts,
    KnowledgeWarnings,
    Origin,
    Validity,
)
from socialai.errors import Conflict, InvalidInput, NotFound, TooLarge
from socialai.store import chunks, spare_vectors
from socialai.store.records import to_record, to_records

MAX_TITLE = 200
MAX_TEXT = 1_000_000
_YEARS = range(2000, 2201)


_STATES: dict[ArticleState, str] = {
    "all": "?1 is ?1",
    "valid": "coalesce(valid_from, '') <= ?1 and coalesce(valid_until, '9') > ?1",
    "early": "valid_from > ?1",
    "soon": "valid_until > ?1 and valid_until <= ?2",
    "expired": "valid_until <= ?1",
    "gone": "gone_at is not null",
    "waiting": "indexed_at is null and index_error is null",
    "failed": "index_error is not null",
}


def add(
    db: sqlite3.Connection,
    *,
    title: str,
    kind: ArticleKind,
    text: str,
    source: str,
    now: datetime,
    origin: Origin = "text",
    url: str | None = None,
    owner_id: int | None = None,
    validity: Validity = ALWAYS,
) -> Article:
    """Raises Conflict when the same article is there already."""
    title = _checked(title, text)
    digest = _digest(kind, title, text)
    _refuse_same(db, digest)
    starts, ends = _checked_validity(validity)
    row = db.execute(
        """
        insert into article (title, kind, text, source, digest, origin, url, owner_id,
                             valid_from, valid_until, created_at, updated_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11) returning *
        """,
        (title, kind, text, source, digest, origin, url, owner_id, starts, ends, stamp(now)),
    ).fetchone()
    return to_record(row, Article)


def update(db: sqlite3.Connection, article_id: int, *, title: str, text: str, now: datetime) -> Article:
    """What it said before can no longer be found; what it says now can be once it is indexed."""
    before = get(db, article_id)
    title = _checked(title, text)
    if (title, text) == (before.title, before.text):
        return before
    digest = _digest(before.kind, title, text)
    _refuse_same(db, digest)
    spare_vectors.keep(db, article_id)
    chunks.remove(db, article_id)
    row = db.execute(
        """
        update article
        set title = ?, text = ?, digest = ?, updated_at = ?, indexed_at = null, index_error = null,
            compared_at = null
        where id = ? returning *
        """,
        (title, text, digest, stamp(now), article_id),
    ).fetchone()
    return to_record(row, Article)


def set_details(
    db: sqlite3.Connection, article_id: int, validity: Validity, owner_id: int | None, now: datetime
) -> Article:
    """When it answers and who looks after it; what it says stays, so that nothing is indexed again."""
    get(db, article_id)
    starts, ends = _checked_validity(validity)
    row = db.execute(
        """
        update article set valid_from = ?, valid_until = ?, owner_id = ?, compared_at = null,
            updated_at = case when indexed_at is null then updated_at else ? end
        where id = ? returning *
        """,
        (starts, ends, owner_id, stamp(now), article_id),
    ).fetchone()
    return to_record(row, Article)


def set_gone(db: sqlite3.Connection, article_id: int, at: datetime | None) -> None:
    """Since when its web page is not there any more; None: it is there, or a person keeps the article."""
    db.execute("update article set gone_at = ? where id = ?", (stamp_or_none(at), article_id))


def detach(db: sqlite3.Connection, article_id: int) -> None:
    """It is no web page's any more."""
    db.execute("update article set url = null, gone_at = null where id = ?", (article_id,))


def set_language(db: sqlite3.Connection, article_id: int, language: str) -> None:
    db.execute("update article set language = ? where id = ?", (language, article_id))


def delete(db: sqlite3.Connection, article_id: int) -> None:
    get(db, article_id)
    chunks.remove(db, article_id)
    db.execute("delete from article where id = ?", (article_id,))


def get(db: sqlite3.Connection, article_id: int) -> Article:
    row = db.execute("select * from article where id = ?", (article_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no article {article_id}.")
    return to_record(row, Article)


def find_same(db: sqlite3.Connection, *, title: str, kind: ArticleKind, text: str) -> Article | None:
    row = db.execute("select * from article where digest = ?", (_digest(kind, title, text),)).fetchone()
    return to_record(row, Article) if row else None


def articles(
    db: sqlite3.Connection,
    *,
    after: int | None = None,
    limit: int = 50,
    query: str = "",
    state: ArticleState = "all",
    language: str = "",
    origin: Origin | None = None,
    now: datetime | None = None,
) -> list[ArticleSummary]:
    """Newest first, after the id of the last one seen; `query` is part of the title or the text. `now` is
    needed for the states that depend on it."""
    at, soon = (stamp(now), stamp(now + SOON)) if now else ("", "")
    rows = db.execute(
        f"""
        select article.*, substr(text, 1, 200) as excerpt,
            (select count(*) from chunk where article_id = article.id) as chunks
        from article
        where ({_STATES[state]}) and (?2 is ?2) and (?3 is null or id < ?3)
            and (?4 = '' or instr(lower(title), lower(?4)) or instr(lower(text), lower(?4)))
            and (?5 = '' or language = ?5) and (?6 is null or origin = ?6)
        order by id desc limit ?7
        """,
        (at, soon, after, query.strip(), language, origin, limit),
    ).fetchall()
    return to_records(rows, ArticleSummary)


def hidden_chunks(db: sqlite3.Connection, now: datetime) -> frozenset[int]:
    """Those of articles that are not valid yet, or not any more."""
    rows = db.execute(
        """
        select chunk.id from article join chunk on chunk.article_id = article.id
        where (valid_from is not null or valid_until is not null) and (valid_from > ?1 or valid_until <= ?1)
        """,
        (stamp(now),),
    )
    return frozenset(row["id"] for row in rows)


def languages(db: sqlite3.Connection) -> list[str]:
    rows = db.execute("select distinct language from article where language != '' order by language")
    return [row["language"] for row in rows]


def warnings(db: sqlite3.Connection, now: datetime) -> KnowledgeWarnings:
    states: tuple[ArticleState, ...] = ("early", "soon", "expired", "gone")
    totals = ", ".join(f"count(*) filter (where {_STATES[state]}) as {state}" for state in states)
    row = db.execute(
        f"select {totals} from article where ?2 is ?2", (stamp(now), stamp(now + SOON))
    ).fetchone()
    return to_record(row, KnowledgeWarnings)


def unindexed(db: sqlite3.Connection) -> list[int]:
    rows = db.execute("select id from article where indexed_at is null and index_error is null order by id")
    return [row["id"] for row in rows]


def replace_chunks(
    db: sqlite3.Connection, article: Article, indexed: Sequence[IndexedPassage], now: datetime
) -> bool:
    """False when the article was changed or deleted since it was read: index what it says now instead."""
    changed = db.execute(
        "update article set indexed_at = ?, index_error = null where id = ? and updated_at = ?",
        (stamp(now), article.id, stamp(article.updated_at)),
    ).rowcount
    if changed:
        chunks.remove(db, article.id)
        chunks.add(db, article.id, indexed)
        spare_vectors.forget(db, article.id)
    return bool(changed)


def set_index_error(db: sqlite3.Connection, article_id: int, error: str) -> None:
    db.execute("update article set index_error = ? where id = ?", (error, article_id))


def use_encoder(db: sqlite3.Connection, version: str) -> bool:
    """Vectors of two encoders cannot be compared: another version makes every article wait for indexing."""
    before = db.execute("select value from setting where name = 'encoder'").fetchone()
    if before and before["value"] == f'"{version}"':
        return False
    db.execute("insert or replace into setting (name, value) values ('encoder', ?)", (f'"{version}"',))
    chunks.remove_all(db)
    spare_vectors.forget_all(db)
    db.execute("update article set indexed_at = null, index_error = null")
    return True


def version(db: sqlite3.Connection) -> tuple[int, int, str]:
    """Another one whenever an article is added, changed or removed."""
    row = db.execute("select count(*), coalesce(max(id), 0), coalesce(max(updated_at), '') from article")
    number, last, changed = row.fetchone()
    return number, last, changed


def texts(db: sqlite3.Connection) -> list[str]:
    return [row["text"] for row in db.execute("select text from article order by id")]


def counts(db: sqlite3.Connection) -> KnowledgeCounts:
    row = db.execute(
        """
        select count(*) as articles,
            count(*) filter (where indexed_at is null and index_error is null) as waiting,
            count(index_error) as failed,
            (select count(*) from chunk) as chunks
        from article
        """
    ).fetchone()
    return to_record(row, KnowledgeCounts)


def _checked(title: str, text: str) -> str:
    title = " ".join(title.split())
    if not title or not text.strip():
        raise InvalidInput("An article needs a title and a text.")
    if len(title) > MAX_TITLE:
        raise InvalidInput(f"The title is longer than {MAX_TITLE} characters. Shorten it.")
    if len(text) > MAX_TEXT:
        raise TooLarge(f"The text is longer than {MAX_TEXT:,} characters. Split it into several articles.")
    return title


def _checked_validity(validity: Validity) -> tuple[str | None, str | None]:
    if any(at and at.year not in _YEARS for at in (validity.starts, validity.ends)):
        raise InvalidInput("This day is too long ago, or too far off.")
    if validity.starts and validity.ends and validity.ends <= validity.starts:
        raise InvalidInput("It would never be valid: the end is not after the beginning.")
    return stamp_or_none(validity.starts), stamp_or_none(validity.ends)


def _refuse_same(db: sqlite3.Connection, digest: bytes) -> None:
    same = db.execute("select id, title from article where digest = ?", (digest,)).fetchone()
    if same:
        raise Conflict(f"This text is there already, as article {same['id']} '{same['title']}'.")


def _digest(kind: ArticleKind, title: str, text: str) -> bytes:
    return hashlib.sha256("\0".join((kind, title, text)).encode()).digest()
