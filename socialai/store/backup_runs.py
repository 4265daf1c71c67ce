"""What became of every backup that was made here."""

import sqlite3
from datetime import datetime

from socialai.domain.backup_plan import BackupRun, Place
from socialai.domain.clock import stamp
from socialai.errors import Conflict, NotFound
from socialai.store.records import as_json, to_record, to_records

_KEPT = 1000


def begin(db: sqlite3.Connection, place: Place, now: datetime) -> int:
    """Conflict while another one runs."""
    if db.execute("select 1 from backup_run where state = 'running'").fetchone():
        raise Conflict("A backup is being made already. It is shown here when it is done.")
    db.execute("delete from backup_run where id <= (select max(id) from backup_run) - ?", (_KEPT,))
    row = db.execute(
        "insert into backup_run (state, began_at, place) values ('running', ?, ?) returning id",
        (stamp(now), as_json(place)),
    ).fetchone()
    return int(row["id"])


def finish(db: sqlite3.Connection, run_id: int, name: str, size: int, now: datetime) -> None:
    db.execute(
        "update backup_run set state = 'done', name = ?, bytes = ?, ended_at = ? where id = ?",
        (name, size, stamp(now), run_id),
    )


def fail(db: sqlite3.Connection, run_id: int, error: str, now: datetime) -> None:
    db.execute(
        "update backup_run set state = 'failed', error = ?, ended_at = ? where id = ?",
        (error, stamp(now), run_id),
    )


def begin_drill(db: sqlite3.Connection, run_id: int, now: datetime) -> None:
    db.execute("update backup_run set drill_began_at = ? where id = ?", (stamp(now), run_id))


def checked(db: sqlite3.Connection, run_id: int, error: str, now: datetime) -> None:
    """A drill: '' when it came back whole."""
    db.execute(
        "update backup_run set checked_at = ?, check_error = ?, drill_began_at = null where id = ?",
        (stamp(now), error, run_id),
    )


def too_many(db: sqlite3.Connection, keep: int) -> list[BackupRun]:
    """The oldest of those that are there, beyond the newest `keep`."""
    rows = db.execute(
        """
        select * from backup_run where state = 'done' and removed_at is null
        order by id desc limit -1 offset ?
        """,
        (keep,),
    ).fetchall()
    return to_records(rows, BackupRun)


def remove(db: sqlite3.Connection, run_id: int, now: datetime) -> None:
    db.execute("update backup_run set removed_at = ? where id = ?", (stamp(now), run_id))


def before(db: sqlite3.Connection, moment: datetime) -> BackupRun | None:
    """The newest that is there and was begun by then."""
    row = db.execute(
        """
        select * from backup_run where state = 'done' and removed_at is null and began_at <= ?
        order by began_at desc limit 1
        """,
        (stamp(moment),),
    ).fetchone()
    return row and to_record(row, BackupRun)


def end_cut_off(db: sqlite3.Connection, now: datetime) -> None:
    """At start: what says it is running was cut off."""
    db.execute("update backup_run set drill_began_at = null")
    for row in db.execute("select id from backup_run where state = 'running'").fetchall():
        fail(db, row["id"], "The hub was stopped while it was made.", now)


def get(db: sqlite3.Connection, run_id: int) -> BackupRun:
    row = db.execute("select * from backup_run where id = ?", (run_id,)).fetchone()
    if row is None:
        raise NotFound("There is no such backup.")
    return to_record(row, BackupRun)


def runs(db: sqlite3.Connection, limit: int) -> list[BackupRun]:
    """Newest first."""
    rows = db.execute("select * from backup_run order by id desc limit ?", (limit,)).fetchall()
    return to_records(rows, BackupRun)


def last(db: sqlite3.Connection) -> BackupRun | None:
    return next(iter(runs(db, 1)), None)


def last_ended(db: sqlite3.Connection) -> BackupRun | None:
    row = db.execute("select * from backup_run where state != 'running' order by id desc limit 1").fetchone()
    return row and to_record(row, BackupRun)
