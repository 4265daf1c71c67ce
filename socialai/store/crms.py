"""The CRMs of a business, the records its leads are there, and what was changed."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialai.domain.clock import stamp
from socialai.domain.crm import Crm, CrmChange, CrmLink, CrmState
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records


def put(
    db: sqlite3.Connection,
    kind: str,
    external_id: str,
    name: str,
    config: Mapping[str, Any],
    expires_at: datetime | None,
    now: datetime,
) -> Crm:
    """The same account again keeps its links, and works again."""
    row = db.execute(
        """
        insert into crm (kind, external_id, name, config, token_expires_at, created_at)
        values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict (kind, external_id) do update set name = excluded.name, config = excluded.config,
            token_expires_at = excluded.token_expires_at, state = 'active', state_reason = null
        returning *
        """,
        (kind, external_id, name, as_json(config), expires_at and stamp(expires_at), stamp(now)),
    ).fetchone()
    return to_record(row, Crm)


def get(db: sqlite3.Connection, crm_id: int) -> Crm:
    row = db.execute("select * from crm where id = ?", (crm_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no CRM {crm_id}.")
    return to_record(row, Crm)


def crms(db: sqlite3.Connection) -> list[Crm]:
    return to_records(db.execute("select * from crm order by id").fetchall(), Crm)


def set_state(db: sqlite3.Connection, crm_id: int, state: CrmState, reason: str | None) -> None:
    db.execute("update crm set state = ?, state_reason = ? where id = ?", (state, reason, crm_id))


def set_token(
    db: sqlite3.Connection, crm_id: int, config: Mapping[str, Any], expires_at: datetime | None
) -> None:
    db.execute(
        "update crm set config = ?, token_expires_at = ? where id = ?",
        (as_json(config), expires_at and stamp(expires_at), crm_id),
    )


def delete(db: sqlite3.Connection, crm_id: int) -> None:
    db.execute("delete from crm where id = ?", (crm_id,))


def find_link(db: sqlite3.Connection, crm_id: int, contact_id: int) -> CrmLink | None:
    row = db.execute(
        "select * from crm_link where crm_id = ? and contact_id = ?", (crm_id, contact_id)
    ).fetchone()
    return row and to_record(row, CrmLink)


def links(db: sqlite3.Connection, contact_id: int) -> list[CrmLink]:
    rows = db.execute("select * from crm_link where contact_id = ? order by crm_id", (contact_id,)).fetchall()
    return to_records(rows, CrmLink)


def link(
    db: sqlite3.Connection,
    crm_id: int,
    contact_id: int,
    record_id: str,
    url: str | None,
    told: Mapping[str, str],
    now: datetime,
) -> None:
    db.execute(
        """
        insert into crm_link (crm_id, contact_id, record_id, url, told, told_at) values (?, ?, ?, ?, ?, ?)
        on conflict (crm_id, contact_id) do update set record_id = excluded.record_id,
            url = coalesce(excluded.url, url), told = json_patch(told, excluded.told),
            told_at = excluded.told_at, gone_at = null
        """,
        (crm_id, contact_id, record_id, url, as_json(told), stamp(now)),
    )


def gone(db: sqlite3.Connection, crm_id: int, contact_id: int, now: datetime) -> None:
    db.execute(
        "update crm_link set gone_at = ? where crm_id = ? and contact_id = ?",
        (stamp(now), crm_id, contact_id),
    )


def add_change(
    db: sqlite3.Connection,
    crm_id: int,
    contact_id: int,
    why: str,
    what: str,
    record_id: str,
    fields: Mapping[str, tuple[str | None, str]],
    now: datetime,
) -> None:
    db.execute(
        """
        insert into crm_change (crm_id, contact_id, at, why, what, record_id, fields)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        (crm_id, contact_id, stamp(now), why, what, record_id, as_json(fields)),
    )


def changes(db: sqlite3.Connection, contact_id: int, limit: int = 50) -> list[CrmChange]:
    """Newest first."""
    rows = db.execute(
        "select * from crm_change where contact_id = ? order by id desc limit ?", (contact_id, limit)
    ).fetchall()
    return to_records(rows, CrmChange)
