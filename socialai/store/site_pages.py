"""The pages of a web site: which are still to be read, and what became of the others."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.web_site import PageState, SitePage
from socialai.store.records import to_record, to_records


def add(db: sqlite3.Connection, site_id: int, urls: Iterable[str], depth: int, most: int) -> int:
    """How many were new. A site has at most `most`; those that were found first."""
    known = db.execute("select count(*) from site_page where site_id = ?", (site_id,)).fetchone()[0]
    added = 0
    for url in urls:
        if known + added >= most:
            break
        added += db.execute(
            "insert into site_page (site_id, url, depth) values (?, ?, ?) on conflict do nothing",
            (site_id, url, depth),
        ).rowcount
    return added


def find_waiting(db: sqlite3.Connection, site_id: int) -> SitePage | None:
    """The one that is read next: those near the start come first."""
    row = db.execute(
        "select * from site_page where site_id = ? and state = 'waiting' order by depth, id limit 1",
        (site_id,),
    ).fetchone()
    return row and to_record(row, SitePage)


def find(db: sqlite3.Connection, site_id: int, url: str) -> SitePage | None:
    row = db.execute("select * from site_page where site_id = ? and url = ?", (site_id, url)).fetchone()
    return row and to_record(row, SitePage)


def pages(db: sqlite3.Connection, site_id: int) -> list[SitePage]:
    rows = db.execute("select * from site_page where site_id = ? order by depth, id", (site_id,)).fetchall()
    return to_records(rows, SitePage)


def checked(
    db: sqlite3.Connection, page_id: int, state: PageState, now: datetime, reason: str | None = None
) -> None:
    db.execute(
        "update site_page set state = ?, reason = ?, checked_at = ? where id = ?",
        (state, reason, stamp(now), page_id),
    )


def seen(
    db: sqlite3.Connection, page_id: int, body_digest: bytes, etag: str | None, last_modified: str | None
) -> None:
    """What is needed to see next time whether it changed."""
    db.execute(
        "update site_page set body_digest = ?, etag = ?, last_modified = ? where id = ?",
        (body_digest, etag, last_modified, page_id),
    )


def moved(db: sqlite3.Connection, page: SitePage, url: str) -> bool:
    """It was found at another address, which is its own from now on. False when another page has that one."""
    if url == page.url:
        return True
    if find(db, page.site_id, url):
        return False
    db.execute("update site_page set url = ? where id = ?", (url, page.id))
    return True


def became(db: sqlite3.Connection, page_id: int, article_id: int) -> None:
    """The article says what the page says."""
    db.execute(
        """
        update site_page set article_id = ?1, digest = (select digest from article where id = ?1)
        where id = ?2
        """,
        (article_id, page_id),
    )


def let_go(db: sqlite3.Connection, article_id: int) -> None:
    db.execute("update site_page set article_id = null where article_id = ?", (article_id,))


def is_as_left(db: sqlite3.Connection, page: SitePage) -> bool:
    """Nobody changed the article since the page was read."""
    row = db.execute("select digest from article where id = ?", (page.article_id,)).fetchone()
    return row is not None and row["digest"] == page.digest
