"""Which tenant an account belongs to, where one app of this installation serves several."""

import sqlite3
from collections.abc import Iterable

from socialai.errors import Conflict
from socialai.store.records import as_json


def claim(db: sqlite3.Connection, platform: str, external_id: str, tenant_id: str) -> None:
    """Conflict when another tenant has it: what people write to it would go there."""
    row = db.execute(
        """
        insert into account (platform, external_id, tenant_id) values (?, ?, ?)
        on conflict (platform, external_id) do update set tenant_id = tenant_id returning tenant_id
        """,
        (platform, external_id, tenant_id),
    ).fetchone()
    if row["tenant_id"] != tenant_id:
        raise Conflict(
            "This account is connected by another business of this installation. Disconnect it there first."
        )


def release(db: sqlite3.Connection, platform: str, external_id: str, tenant_id: str) -> None:
    db.execute(
        "delete from account where platform = ? and external_id = ? and tenant_id = ?",
        (platform, external_id, tenant_id),
    )


def tenants_of(db: sqlite3.Connection, platform: str, external_ids: Iterable[str]) -> dict[str, str]:
    """By account; those that nobody has are left out."""
    rows = db.execute(
        """
        select external_id, tenant_id from account
        where platform = ? and external_id in (select value from json_each(?))
        """,
        (platform, as_json(list(external_ids))),
    ).fetchall()
    return {row["external_id"]: row["tenant_id"] for row in rows}
