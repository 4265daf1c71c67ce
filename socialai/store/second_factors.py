"""The second factor of a user: the secret of their app, its last code, and codes for the day it is lost."""

import secrets
import sqlite3
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.store import hub_settings
from socialai.store.records import to_record
from socialai.store.vault import Vault

RECOVERY_CODES = 10


class SecondFactor(Struct, frozen=True):
    """`confirmed_at`: from then on it is asked for. `last_step` is the half minute of the last code taken."""

    user_id: int
    confirmed_at: datetime | None
    last_step: int


def find(db: sqlite3.Connection, user_id: int) -> SecondFactor | None:
    row = db.execute("select * from second_factor where user_id = ?", (user_id,)).fetchone()
    return row and to_record(row, SecondFactor)


def is_on(db: sqlite3.Connection, user_id: int) -> bool:
    found = find(db, user_id)
    return found is not None and found.confirmed_at is not None


def guarded(db: sqlite3.Connection, tenant_id: str) -> frozenset[int]:
    """The users of a tenant who are asked for a code."""
    rows = db.execute(
        """
        select user_id from second_factor join user on user.id = second_factor.user_id
        where tenant_id = ? and confirmed_at is not null
        """,
        (tenant_id,),
    )
    return frozenset(row["user_id"] for row in rows)


def secret(db: sqlite3.Connection, vault: Vault, user_id: int) -> str | None:
    found = hub_settings.find_secret(db, vault, _name(user_id))
    return found.decode() if found is not None else None


def offer(db: sqlite3.Connection, vault: Vault, user_id: int, new: str) -> None:
    """To be confirmed; what was offered before and not confirmed is forgotten."""
    remove(db, user_id)
    db.execute("insert into second_factor (user_id) values (?)", (user_id,))
    hub_settings.put_secret(db, vault, _name(user_id), new.encode())


def confirm(db: sqlite3.Connection, user_id: int, now: datetime) -> None:
    db.execute("update second_factor set confirmed_at = ? where user_id = ?", (stamp(now), user_id))


def take_step(db: sqlite3.Connection, user_id: int, step: int) -> bool:
    """False when this code or a later one was taken before."""
    return (
        db.execute(
            "update second_factor set last_step = ? where user_id = ? and last_step < ?",
            (step, user_id, step),
        ).rowcount
        > 0
    )


def remove(db: sqlite3.Connection, user_id: int) -> None:
    hub_settings.drop_secret(db, _name(user_id))
    db.execute("delete from second_factor where user_id = ?", (user_id,))
    db.execute("delete from recovery_code where user_id = ?", (user_id,))


def renew_recovery_codes(db: sqlite3.Connection, user_id: int) -> tuple[str, ...]:
    """New ones, the only time they are seen; those before no longer hold."""
    codes = tuple(_spaced(b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES))
    db.execute("delete from recovery_code where user_id = ?", (user_id,))
    db.executemany(
        "insert into recovery_code (id, user_id) values (?, ?)", [(_hash(code), user_id) for code in codes]
    )
    return codes


def recovery_codes_left(db: sqlite3.Connection, user_id: int) -> int:
    count: int = db.execute("select count(*) from recovery_code where user_id = ?", (user_id,)).fetchone()[0]
    return count


def take_recovery_code(db: sqlite3.Connection, user_id: int, code: str) -> bool:
    """Once only."""
    return (
        db.execute("delete from recovery_code where id = ? and user_id = ?", (_hash(code), user_id)).rowcount
        > 0
    )


def _name(user_id: int) -> str:
    return f"second-factor/{user_id}"


def _spaced(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _hash(code: str) -> str:
    plain = "".join(code.lower().replace("-", "").split())
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
