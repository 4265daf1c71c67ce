"""The people of a tenant. Every function takes the tenant's id, so no id of another tenant works.

A user is disabled, never deleted: SQLite would give the id to the next one, and with it what was theirs.
"""

import sqlite3
from datetime import datetime

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.domain.user import Role, User
from socialai.errors import Conflict, NotFound
from socialai.store.records import to_record, to_records


class Credentials(Struct, frozen=True):
    user: User
    password_hash: str


def create(
    db: sqlite3.Connection,
    tenant_id: str,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    now: datetime,
) -> User:
    """Conflict if the address has an account already: one signs in without naming a tenant."""
    row = db.execute(
        """
        insert into user (tenant_id, email, name, role, password_hash, created_at) values (?, ?, ?, ?, ?, ?)
        on conflict (email) do nothing
        returning *
        """,
        (tenant_id, email, name, role, password_hash, stamp(now)),
    ).fetchone()
    if row is None:
        raise Conflict(f"{email} has an account already. Use another address.")
    return to_record(row, User)


def users(db: sqlite3.Connection, tenant_id: str) -> list[User]:
    rows = db.execute("select * from user where tenant_id = ? order by name, id", (tenant_id,)).fetchall()
    return to_records(rows, User)


def get(db: sqlite3.Connection, tenant_id: str, user_id: int) -> User:
    row = db.execute("select * from user where tenant_id = ? and id = ?", (tenant_id, user_id)).fetchone()
    return _found(row)


def find_credentials(db: sqlite3.Connection, email: str) -> Credentials | None:
    """Of a user who may sign in."""
    row = db.execute("select * from user where email = ? and disabled_at is null", (email,)).fetchone()
    return row and Credentials(to_record(row, User), row["password_hash"])


def signed_out_since(db: sqlite3.Connection, since: datetime) -> dict[int, datetime]:
    rows = db.execute("select id, signed_out_at from user where signed_out_at >= ?", (stamp(since),))
    return {row["id"]: datetime.fromisoformat(row["signed_out_at"]) for row in rows}


def rename(db: sqlite3.Connection, tenant_id: str, user_id: int, name: str) -> User:
    row = db.execute(
        "update user set name = ? where tenant_id = ? and id = ? returning *", (name, tenant_id, user_id)
    ).fetchone()
    return _found(row)


def change_password(
    db: sqlite3.Connection, tenant_id: str, user_id: int, password_hash: str, now: datetime
) -> User:
    row = db.execute(
        "update user set password_hash = ?, signed_out_at = ? where tenant_id = ? and id = ? returning *",
        (password_hash, stamp(now), tenant_id, user_id),
    ).fetchone()
    return _found(row)


def rehash(db: sqlite3.Connection, user_id: int, old_hash: str, new_hash: str) -> None:
    """The same password under newer parameters; nothing if it was changed meanwhile."""
    db.execute(
        "update user set password_hash = ? where id = ? and password_hash = ?", (new_hash, user_id, old_hash)
    )


def change_role(db: sqlite3.Connection, tenant_id: str, user_id: int, role: Role, now: datetime) -> User:
    if role != "owner":
        _keep_an_owner(db, tenant_id, user_id)
    row = db.execute(
        "update user set role = ?, signed_out_at = ? where tenant_id = ? and id = ? returning *",
        (role, stamp(now), tenant_id, user_id),
    ).fetchone()
    return _found(row)


def disable(db: sqlite3.Connection, tenant_id: str, user_id: int, now: datetime) -> User:
    _keep_an_owner(db, tenant_id, user_id)
    row = db.execute(
        """
        update user set disabled_at = coalesce(disabled_at, ?), signed_out_at = ?
        where tenant_id = ? and id = ? returning *
        """,
        (stamp(now), stamp(now), tenant_id, user_id),
    ).fetchone()
    return _found(row)


def enable(db: sqlite3.Connection, tenant_id: str, user_id: int) -> User:
    row = db.execute(
        "update user set disabled_at = null where tenant_id = ? and id = ? returning *", (tenant_id, user_id)
    ).fetchone()
    return _found(row)


def sign_out(db: sqlite3.Connection, tenant_id: str, user_id: int, now: datetime) -> User:
    """Every token issued before is refused; sessions are ended by `sessions.delete_all`."""
    row = db.execute(
        "update user set signed_out_at = ? where tenant_id = ? and id = ? returning *",
        (stamp(now), tenant_id, user_id),
    ).fetchone()
    return _found(row)


def _keep_an_owner(db: sqlite3.Connection, tenant_id: str, user_id: int) -> None:
    owners = db.execute(
        "select id from user where tenant_id = ? and role = 'owner' and disabled_at is null", (tenant_id,)
    ).fetchall()
    if [row["id"] for row in owners] == [user_id]:
        raise Conflict("This is the only owner. Make someone else an owner first.")


def _found(row: sqlite3.Row | None) -> User:
    if row is None:
        raise NotFound("There is no such person on this team.")
    return to_record(row, User)
