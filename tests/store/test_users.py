import sqlite3
from datetime import datetime, timedelta
from typing import Any

import pytest

from socialai.domain.user import Role, User
from socialai.errors import Conflict, NotFound
from socialai.store import users


def add(
    db: sqlite3.Connection, name: str, now: datetime, role: Role = "agent", tenant_id: str = "acme"
) -> User:
    return users.create(db, tenant_id, f"{name}@{tenant_id}.example", name, role, f"hash of {name}", now)


def test_a_user_is_kept_as_given(app_db: sqlite3.Connection, now: datetime) -> None:
    anna = add(app_db, "anna", now)
    assert users.get(app_db, "acme", anna.id) == anna
    assert anna == User(
        id=anna.id, tenant_id="acme", email="anna@acme.example", name="anna", role="agent", created_at=now
    )


def test_an_address_has_one_account_in_the_whole_hub(app_db: sqlite3.Connection, now: datetime) -> None:
    add(app_db, "anna", now)
    with pytest.raises(Conflict):
        users.create(app_db, "rival", "Anna@acme.example", "Anna", "agent", "hash", now)


def test_credentials_are_found_by_address_in_any_case(app_db: sqlite3.Connection, now: datetime) -> None:
    anna = add(app_db, "anna", now)
    assert users.find_credentials(app_db, "ANNA@acme.example") == users.Credentials(anna, "hash of anna")
    assert users.find_credentials(app_db, "nobody@acme.example") is None


def test_who_is_disabled_has_no_credentials(app_db: sqlite3.Connection, now: datetime) -> None:
    anna = add(app_db, "anna", now)
    users.disable(app_db, "acme", anna.id, now)
    assert users.find_credentials(app_db, anna.email) is None
    users.enable(app_db, "acme", anna.id)
    assert users.find_credentials(app_db, anna.email)


def test_disabling_twice_keeps_the_first_time(app_db: sqlite3.Connection, now: datetime) -> None:
    anna = add(app_db, "anna", now)
    users.disable(app_db, "acme", anna.id, now)
    assert users.disable(app_db, "acme", anna.id, now + timedelta(days=1)).disabled_at == now


@pytest.mark.parametrize(
    "act",
    [
        lambda db, tenant_id, user_id, now: users.get(db, tenant_id, user_id),
        lambda db, tenant_id, user_id, now: users.rename(db, tenant_id, user_id, "x"),
        lambda db, tenant_id, user_id, now: users.change_password(db, tenant_id, user_id, "x", now),
        lambda db, tenant_id, user_id, now: users.change_role(db, tenant_id, user_id, "viewer", now),
        lambda db, tenant_id, user_id, now: users.disable(db, tenant_id, user_id, now),
        lambda db, tenant_id, user_id, now: users.enable(db, tenant_id, user_id),
        lambda db, tenant_id, user_id, now: users.sign_out(db, tenant_id, user_id, now),
    ],
)
def test_an_id_of_another_tenant_does_not_work(app_db: sqlite3.Connection, now: datetime, act: Any) -> None:
    rita = add(app_db, "rita", now, "owner", "rival")
    with pytest.raises(NotFound):
        act(app_db, "acme", rita.id, now)
    assert users.get(app_db, "rival", rita.id) == rita
    assert users.find_credentials(app_db, rita.email) == users.Credentials(rita, "hash of rita")


def test_a_tenant_keeps_an_owner_who_can_sign_in(app_db: sqlite3.Connection, now: datetime) -> None:
    olga, oscar = add(app_db, "olga", now, "owner"), add(app_db, "oscar", now, "owner")
    add(app_db, "rita", now, "owner", "rival")
    users.disable(app_db, "acme", oscar.id, now)
    for act in (
        lambda: users.change_role(app_db, "acme", olga.id, "admin", now),
        lambda: users.disable(app_db, "acme", olga.id, now),
    ):
        with pytest.raises(Conflict, match="only owner"):
            act()
    assert users.change_role(app_db, "acme", olga.id, "owner", now).role == "owner"
    users.enable(app_db, "acme", oscar.id)
    assert users.disable(app_db, "acme", olga.id, now).disabled_at == now


def test_a_rehash_gives_way_to_a_change_of_password(app_db: sqlite3.Connection, now: datetime) -> None:
    anna = add(app_db, "anna", now)
    users.change_password(app_db, "acme", anna.id, "changed", now)
    users.rehash(app_db, anna.id, "hash of anna", "stronger hash of anna")
    known = users.find_credentials(app_db, anna.email)
    assert known is not None
    assert known.password_hash == "changed"


def test_who_was_signed_out_lately_is_known(app_db: sqlite3.Connection, now: datetime) -> None:
    anna, ben = add(app_db, "anna", now), add(app_db, "ben", now)
    users.sign_out(app_db, "acme", anna.id, now)
    users.sign_out(app_db, "acme", ben.id, now - timedelta(hours=2))
    assert users.signed_out_since(app_db, now - timedelta(hours=1)) == {anna.id: now}
