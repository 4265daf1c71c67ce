import sqlite3
from datetime import datetime, timedelta

from msgspec.structs import replace

from socialai.store import signing_keys
from socialai.store.signing_keys import SigningKey


def key(kid: str, created_at: datetime) -> SigningKey:
    return SigningKey(kid, b"\x00sealed\xff", "public", created_at)


def test_a_key_comes_back_as_it_was_kept(app_db: sqlite3.Connection, now: datetime) -> None:
    signing_keys.add_first(app_db, key("a", now))
    assert signing_keys.signing_keys(app_db) == [key("a", now)]


def test_a_second_first_key_is_not_kept(app_db: sqlite3.Connection, now: datetime) -> None:
    signing_keys.add_first(app_db, key("a", now))
    signing_keys.add_first(app_db, key("b", now))
    assert [kept.kid for kept in signing_keys.signing_keys(app_db)] == ["a"]


def test_a_new_key_retires_the_old_ones_which_are_dropped_in_time(
    app_db: sqlite3.Connection, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    signing_keys.add_first(app_db, key("a", now))
    signing_keys.replace(app_db, key("b", later), later)
    assert signing_keys.signing_keys(app_db) == [key("b", later), replace(key("a", now), retired_at=later)]
    assert signing_keys.drop_retired(app_db, later) == 0
    assert signing_keys.drop_retired(app_db, later + timedelta(seconds=1)) == 1
    assert [kept.kid for kept in signing_keys.signing_keys(app_db)] == ["b"]
