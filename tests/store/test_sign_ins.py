import sqlite3
from datetime import datetime, timedelta

import pytest

from socialai.domain.clock import stamp
from socialai.errors import TooManyTries
from socialai.store import sign_ins
from socialai.store.sign_ins import Subject

ANNA, HERE = Subject("anna", 5), Subject("here", 20)


def wait(db: sqlite3.Connection, now: datetime, *subjects: Subject) -> int:
    with pytest.raises(TooManyTries) as error:
        sign_ins.begin(db, subjects, now)
    return error.value.retry_after


def rows(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from sign_in_failure").fetchone()[0])


def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further(
    app_db: sqlite3.Connection, now: datetime
) -> None:
    for _ in range(5):
        sign_ins.begin(app_db, (ANNA,), now)
    waits = []
    for _ in range(7):
        waits.append(wait(app_db, now, ANNA))
        app_db.execute("insert into sign_in_failure (subject, failed_at) values ('anna', ?)", (stamp(now),))
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_a_clock_that_was_ahead_keeps_nobody_out(app_db: sqlite3.Connection, now: datetime) -> None:
    for _ in range(5):
        sign_ins.begin(app_db, (ANNA,), now + timedelta(days=300))
    assert sign_ins.begin(app_db, (ANNA,), now)


def test_the_longer_wait_of_the_two_counts(app_db: sqlite3.Connection, now: datetime) -> None:
    narrow = Subject("narrow", 1)
    sign_ins.begin(app_db, (narrow,), now)
    assert wait(app_db, now + timedelta(seconds=12), ANNA, narrow) == 18
    assert rows(app_db) == 1, "a try that was refused is not counted"


def test_a_try_is_taken_back_alone_and_a_subject_is_cleared_alone(
    app_db: sqlite3.Connection, now: datetime
) -> None:
    sign_ins.begin(app_db, (ANNA, HERE), now)
    tries = sign_ins.begin(app_db, (ANNA, HERE), now)
    sign_ins.take_back(app_db, tries)
    assert rows(app_db) == 2
    sign_ins.clear(app_db, ANNA)
    assert [row["subject"] for row in app_db.execute("select subject from sign_in_failure")] == ["here"]


def test_the_sweep_keeps_what_still_counts(app_db: sqlite3.Connection, now: datetime) -> None:
    sign_ins.begin(app_db, (ANNA,), now)
    sign_ins.begin(app_db, (ANNA,), now + timedelta(minutes=1))
    assert sign_ins.sweep(app_db, now + sign_ins.WINDOW) == 1
    assert rows(app_db) == 1


def test_the_table_is_bounded_and_forgets_the_oldest(app_db: sqlite3.Connection, now: datetime) -> None:
    app_db.execute("begin")
    app_db.executemany(
        "insert into sign_in_failure (subject, failed_at) values (?, ?)",
        [(f"flood {number}", "2026-11-23T08:00:00.000000Z") for number in range(20_000)],
    )
    sign_ins.begin(app_db, (ANNA, HERE), now)
    app_db.execute("commit")
    assert rows(app_db) == 20_000
    assert app_db.execute("select min(subject) from sign_in_failure where id <= 3").fetchone()[0] == "flood 2"
