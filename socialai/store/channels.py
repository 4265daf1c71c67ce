"""Connected accounts. Their secrets live in the vault under `channel/<id>`."""

import sqlite3
from datetime import datetime
from typing import Any

from socialai.domain.channel import Channel, ChannelState, Mode
from socialai.domain.clock import stamp
from socialai.domain.triage import Intent
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records


def put(
    db: sqlite3.Connection,
    platform: str,
    external_id: str,
    name: str,
    config: dict[str, Any],
    now: datetime,
) -> Channel:
    """Add the account, or connect it again: history and mode stay, a dead token's state goes."""
    row = db.execute(
        """
        insert into channel (platform, external_id, name, config, created_at) values (?, ?, ?, ?, ?)
        on conflict (platform, external_id) do update
        set name = excluded.name, config = excluded.config, state = 'active', state_reason = null
        returning *
        """,
        (platform, external_id, name, as_json(config), stamp(now)),
    ).fetchone()
    return to_record(row, Channel)


def get(db: sqlite3.Connection, channel_id: int) -> Channel:
    row = db.execute("select * from channel where id = ?", (channel_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no channel {channel_id}.")
    return to_record(row, Channel)


def find_by_account(db: sqlite3.Connection, platform: str, external_id: str) -> Channel | None:
    row = db.execute(
        "select * from channel where platform = ? and external_id = ?", (platform, external_id)
    ).fetchone()
    return row and to_record(row, Channel)


def channels(db: sqlite3.Connection, platform: str | None = None) -> list[Channel]:
    rows = db.execute(
        "select * from channel where ?1 is null or platform = ?1 order by id", (platform,)
    ).fetchall()
    return to_records(rows, Channel)


def set_mode(db: sqlite3.Connection, channel_id: int, mode: Mode, auto_intents: tuple[Intent, ...]) -> None:
    db.execute(
        "update channel set mode = ?, auto_intents = ? where id = ?",
        (mode, as_json(auto_intents), channel_id),
    )


def set_state(db: sqlite3.Connection, channel_id: int, state: ChannelState, reason: str | None) -> None:
    db.execute("update channel set state = ?, state_reason = ? where id = ?", (state, reason, channel_id))


def saw_event(db: sqlite3.Connection, channel_id: int, now: datetime) -> None:
    db.execute("update channel set last_event_at = ? where id = ?", (stamp(now), channel_id))


def delete(db: sqlite3.Connection, channel_id: int) -> None:
    db.execute("delete from channel where id = ?", (channel_id,))
