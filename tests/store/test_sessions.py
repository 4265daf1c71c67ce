import sqlite3
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.user import User
from socialai.store import sessions, users

DAY = timedelta(days=1)
HOURS = 24 * 14


@pytest.fixture
def anna(app_db: sqlite3.Connection, now: datetime) -> User:
    return users.create(app_db, "acme", "anna@acme.example", "Anna", "agent", "hash", now)


def test_a_session_is_found_by_its_token_with_its_user(
    app_db: sqlite3.Connection, now: datetime, anna: User
) -> None:
    token = sessions.create(app_db, anna.id, now, HOURS)
    session = sessions.find(app_db, token, now)
    assert session is not None
    assert (session.user, session.opened_at, session.expires_at) == (anna, now, now + 14 * DAY)


def test_a_token_has_256_bits_and_is_nowhere_in_the_table(
    app_db: sqlite3.Connection, now: datetime, anna: User
) -> None:
    tokens = {sessions.create(app_db, anna.id, now, HOURS) for _ in range(5)}
    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 5
    kept = {row["id"] for row in app_db.execute("select id from session")}
    assert not kept & tokens
    assert all(sessions.find(app_db, id_, now) is None for id_ in kept)


def test_it_ends_with_its_time(app_db: sqlite3.Connection, now: datetime, anna: User) -> None:
    token = sessions.create(app_db, anna.id, now, 1)
    assert sessions.find(app_db, token, now + timedelta(minutes=59))
    assert sessions.find(app_db, token, now + timedelta(minutes=60)) is None


def test_it_slides_while_it_is_used_but_never_past_thirty_days(
    app_db: sqlite3.Connection, now: datetime, anna: User
) -> None:
    token, day, renewals = sessions.create(app_db, anna.id, now, HOURS), 0, 0
    while session := sessions.find(app_db, token, now + day * DAY):
        if sessions.is_due(session, now + day * DAY, HOURS):
            sessions.renew(app_db, token, session, now + day * DAY, HOURS)
            renewals += 1
        day += 1
    assert day == 30
    assert renewals == 8, "every other day, until nothing is won any more"


def test_a_setting_longer_than_thirty_days_is_cut(
    app_db: sqlite3.Connection, now: datetime, anna: User
) -> None:
    token = sessions.create(app_db, anna.id, now, 24 * 365)
    session = sessions.find(app_db, token, now)
    assert session is not None
    assert session.expires_at == now + sessions.MAX_AGE


def test_an_expired_one_is_not_renewed(app_db: sqlite3.Connection, now: datetime, anna: User) -> None:
    token = sessions.create(app_db, anna.id, now, 1)
    session = sessions.find(app_db, token, now)
    assert session is not None
    sessions.renew(app_db, token, session, now + DAY, 1)
    assert sessions.find(app_db, token, now + DAY) is None


def test_a_disabled_user_has_no_session(app_db: sqlite3.Connection, now: datetime, anna: User) -> None:
    token = sessions.create(app_db, anna.id, now, HOURS)
    users.disable(app_db, "acme", anna.id, now)
    assert sessions.find(app_db, token, now) is None


def test_signing_out_ends_one(app_db: sqlite3.Connection, now: datetime, anna: User) -> None:
    gone, stays = (sessions.create(app_db, anna.id, now, HOURS) for _ in range(2))
    sessions.delete(app_db, gone)
    assert sessions.find(app_db, gone, now) is None
    assert sessions.find(app_db, stays, now)


def test_all_of_a_users_end_but_the_one_to_keep_and_others_stay(
    app_db: sqlite3.Connection, now: datetime, anna: User
) -> None:
    rita = users.create(app_db, "rival", "rita@rival.example", "Rita", "owner", "hash", now)
    mine = [sessions.create(app_db, anna.id, now, HOURS) for _ in range(3)]
    theirs = sessions.create(app_db, rita.id, now, HOURS)
    sessions.delete_all(app_db, anna.id, keep=mine[1])
    assert [bool(sessions.find(app_db, token, now)) for token in mine] == [False, True, False]
    sessions.delete_all(app_db, anna.id)
    assert sessions.find(app_db, mine[1], now) is None
    assert sessions.find(app_db, theirs, now)


def test_the_sweep_removes_the_expired(app_db: sqlite3.Connection, now: datetime, anna: User) -> None:
    sessions.create(app_db, anna.id, now, 1)
    kept = sessions.create(app_db, anna.id, now, 2)
    assert sessions.sweep(app_db, now + timedelta(hours=1)) == 1
    assert sessions.find(app_db, kept, now + timedelta(hours=1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_text_finds_a_session(app_db: sqlite3.Connection, now: datetime, anna: User, text: str) -> None:
    assert sessions.find(app_db, text, now) is None
