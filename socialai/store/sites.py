"""Web sites that knowledge is read from: the reading is a row with a state, page after page."""

import sqlite3
from datetime import datetime, timedelta

from socialai.domain.clock import stamp, stamp_or_none
from socialai.domain.web_site import Site, SiteProgress, SiteSummary
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.store.records import to_record, to_records

MOST = 20
LEASE_SECONDS = 120.0
_STATES = ("waiting", "read", "unchanged", "skipped", "failed", "gone")


def add(
    db: sqlite3.Connection,
    url: str,
    now: datetime,
    *,
    whole: bool,
    every_hours: int | None = None,
    owner_id: int | None = None,
) -> Site:
    """Its reading is due at once."""
    if db.execute("select count(*) from site").fetchone()[0] >= MOST:
        raise InvalidInput(f"There are {MOST} web sites already. Remove one that you do not need.")
    row = db.execute(
        """
        insert into site (url, whole, every_hours, due_at, owner_id, created_at)
        values (?1, ?2, ?3, ?4, ?5, ?4) on conflict (url) do nothing returning *
        """,
        (url, whole, every_hours, stamp(now), owner_id),
    ).fetchone()
    if row is None:
        raise Conflict(f"{url} is read already.")
    return to_record(row, Site)


def get(db: sqlite3.Connection, site_id: int) -> Site:
    row = db.execute("select * from site where id = ?", (site_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no web site {site_id}.")
    return to_record(row, Site)


def find(db: sqlite3.Connection, url: str) -> Site | None:
    row = db.execute("select * from site where url = ?", (url,)).fetchone()
    return row and to_record(row, Site)


def sites(db: sqlite3.Connection) -> list[SiteSummary]:
    rows = db.execute("select * from site order by id").fetchall()
    return [SiteSummary(site, progress(db, site.id)) for site in to_records(rows, Site)]


def progress(db: sqlite3.Connection, site_id: int) -> SiteProgress:
    totals = ", ".join(f"count(*) filter (where state = '{state}') as {state}" for state in _STATES)
    row = db.execute(f"select {totals} from site_page where site_id = ?", (site_id,)).fetchone()
    return to_record(row, SiteProgress)


def delete(db: sqlite3.Connection, site_id: int) -> None:
    """Its articles stay, and are no longer compared with the web site."""
    get(db, site_id)
    db.execute(
        """
        update article set url = null, gone_at = null
        where id in (select article_id from site_page where site_id = ?)
        """,
        (site_id,),
    )
    db.execute("delete from site where id = ?", (site_id,))


def set_schedule(db: sqlite3.Connection, site_id: int, every_hours: int | None, now: datetime) -> Site:
    site = get(db, site_id)
    due_at = site.due_at if site.state in ("waiting", "reading") else _next(site, every_hours, now)
    row = db.execute(
        "update site set every_hours = ?, due_at = ? where id = ? returning *",
        (every_hours, stamp_or_none(due_at), site_id),
    ).fetchone()
    return to_record(row, Site)


def read_again(db: sqlite3.Connection, site_id: int, now: datetime) -> None:
    """Now, unless it is being read."""
    get(db, site_id)
    db.execute(
        "update site set state = 'waiting', due_at = ?, error = null where id = ? and state != 'reading'",
        (stamp(now), site_id),
    )


def due(db: sqlite3.Connection, now: datetime) -> list[int]:
    rows = db.execute(
        "select id from site where due_at <= ?1 and coalesce(lease_until, '') < ?1 order by due_at",
        (stamp(now),),
    )
    return [row["id"] for row in rows]


def claim(db: sqlite3.Connection, site_id: int, now: datetime) -> Site | None:
    """Take the next step of its reading; None when none is due or someone else takes it. A reading that
    begins looks at every page anew."""
    before = db.execute("select state from site where id = ?", (site_id,)).fetchone()
    row = db.execute(
        """
        update site set state = 'reading', error = null, lease_until = ?3,
            robots = case state when 'reading' then robots end,
            started_at = case state when 'reading' then started_at else ?2 end
        where id = ?1 and due_at <= ?2 and coalesce(lease_until, '') < ?2
        returning *
        """,
        (site_id, stamp(now), stamp(now + timedelta(seconds=LEASE_SECONDS))),
    ).fetchone()
    if row is None:
        return None
    if before["state"] != "reading":
        db.execute("update site_page set state = 'waiting' where site_id = ?", (site_id,))
    return to_record(row, Site)


def set_robots(db: sqlite3.Connection, site_id: int, robots: str) -> None:
    db.execute("update site set robots = ? where id = ?", (robots, site_id))


def go_on(db: sqlite3.Connection, site_id: int, at: datetime) -> None:
    """The next page is due then."""
    db.execute("update site set lease_until = null, due_at = ? where id = ?", (stamp(at), site_id))


def finish(db: sqlite3.Connection, site_id: int, now: datetime, error: str | None = None) -> None:
    """The reading has ended; the next one is due by the schedule."""
    site = get(db, site_id)
    db.execute(
        """
        update site set state = ?2, error = ?3, lease_until = null, due_at = ?4,
            read_at = case when ?3 is null then ?5 else read_at end
        where id = ?1
        """,
        (
            site_id,
            "failed" if error else "done",
            error,
            stamp_or_none(_next(site, site.every_hours, now)),
            stamp(now),
        ),
    )


def _next(site: Site, every_hours: int | None, now: datetime) -> datetime | None:
    """Counted from when the last reading began; never in the past."""
    if every_hours is None:
        return None
    return max(now, (site.started_at or now) + timedelta(hours=every_hours))
