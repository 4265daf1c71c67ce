"""The tenant's test cases, and what came of each."""

import sqlite3
from datetime import datetime

import msgspec

from socialai.domain.case import Case, Verdict, Wanted
from socialai.domain.clock import stamp
from socialai.errors import Conflict, NotFound
from socialai.store.records import as_json, to_record

MOST = 500


def add(db: sqlite3.Connection, wanted: Wanted, now: datetime) -> Case:
    """Conflict when there are too many."""
    if db.execute("select count(*) from test_case").fetchone()[0] >= MOST:
        raise Conflict(f"There are {MOST} test cases already. Delete some that are no longer of use.")
    row = db.execute(
        """
        insert into test_case (question, answerable, facts, must_not, article, platform, changed_at)
        values (?, ?, ?, ?, ?, ?, ?) returning *
        """,
        (*_values(wanted), stamp(now)),
    ).fetchone()
    return _case(row)


def get(db: sqlite3.Connection, case_id: int) -> Case:
    row = db.execute("select * from test_case where id = ?", (case_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no test case {case_id}.")
    return _case(row)


def cases(db: sqlite3.Connection) -> list[Case]:
    """All of them, newest first."""
    return [_case(row) for row in db.execute("select * from test_case order by id desc")]


def change(db: sqlite3.Connection, case_id: int, wanted: Wanted, now: datetime) -> Case:
    """What came of it before says nothing any more."""
    row = db.execute(
        """
        update test_case set question = ?, answerable = ?, facts = ?, must_not = ?, article = ?, platform = ?,
            changed_at = ?, waits = 0, verdict = null
        where id = ? returning *
        """,
        (*_values(wanted), stamp(now), case_id),
    ).fetchone()
    if row is None:
        raise NotFound(f"There is no test case {case_id}.")
    return _case(row)


def delete(db: sqlite3.Connection, case_id: int) -> None:
    if not db.execute("delete from test_case where id = ?", (case_id,)).rowcount:
        raise NotFound(f"There is no test case {case_id}.")


def set_waiting(db: sqlite3.Connection, *, waits: bool) -> None:
    """Every case is to be asked, or none any more."""
    db.execute("update test_case set waits = ?", (waits,))


def has_waiting(db: sqlite3.Connection) -> bool:
    return bool(waiting(db, 1))


def waiting(db: sqlite3.Connection, limit: int) -> list[Case]:
    rows = db.execute("select * from test_case where waits order by id limit ?", (limit,))
    return [_case(row) for row in rows]


def judged(db: sqlite3.Connection, case: Case, verdict: Verdict) -> None:
    """Unless it was changed meanwhile."""
    db.execute(
        "update test_case set waits = 0, verdict = ? where id = ? and changed_at = ?",
        (as_json(verdict), case.id, stamp(case.changed_at)),
    )


def _values(wanted: Wanted) -> tuple[object, ...]:
    lists = (as_json(wanted.facts), as_json(wanted.must_not))
    return (wanted.question, wanted.answerable, *lists, wanted.article, wanted.platform)


def _case(row: sqlite3.Row) -> Case:
    verdict = msgspec.json.decode(row["verdict"], type=Verdict) if row["verdict"] else None
    changed_at = datetime.fromisoformat(row["changed_at"])
    return Case(row["id"], to_record(row, Wanted), changed_at, bool(row["waits"]), verdict)
