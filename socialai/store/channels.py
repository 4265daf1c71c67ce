"""Connected accounts. Their secrets live in the vault under `channel/<id>`."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socialai.domain.channel import Channel, ChannelState, Mode, Polls
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


def by_account(db: sqlite3.Connection, platform: str, account: str, fields: Sequence[str]) -> list[Channel]:
    """Whose id on the platform it is; or that have it in one of these fields of their config."""
    rows = db.execute(
        """
        select * from channel where platform = ?1 and (external_id = ?2
            or exists (select 1 from json_each(?3) as field where config ->> field.value = ?2))
        order by id
        """,
        (platform, account, as_json(fields)),
    ).fetchall()
    return to_records(rows, Channel)


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


def set_config(db: sqlite3.Connection, channel_id: int, config: dict[str, Any]) -> None:
    db.execute("update channel set config = ? where id = ?", (as_json(config), channel_id))


def set_token(
    db: sqlite3.Connection, channel_id: int, expires_at: datetime | None, renew_at: datetime | None
) -> None:
    """`renew_at`: when its token is to be renewed; None: it is not."""
    db.execute(
        """
        update channel set token_expires_at = ?2, refresh_due_at = ?3, renew_error = null where id = ?1
        """,
        (channel_id, expires_at and stamp(expires_at), renew_at and stamp(renew_at)),
    )


def renew_later(db: sqlite3.Connection, channel_id: int, due_at: datetime | None, error: str) -> None:
    """It could not be renewed; None: nobody can, a person must connect it again."""
    db.execute(
        "update channel set refresh_due_at = ?2, renew_error = ?3 where id = ?1",
        (channel_id, due_at and stamp(due_at), error),
    )


def renewals_due(db: sqlite3.Connection, now: datetime) -> list[int]:
    return _due(db, "refresh_due_at <= ? and state = 'active'", now)


def checks_due(db: sqlite3.Connection, now: datetime) -> list[int]:
    """Not one that a person paused."""
    return _due(db, "coalesce(check_due_at, '') <= ? and state != 'paused'", now)


def checked(db: sqlite3.Connection, channel_id: int, now: datetime, again_at: datetime) -> None:
    db.execute(
        "update channel set checked_at = ?2, check_due_at = ?3 where id = ?1",
        (channel_id, stamp(now), stamp(again_at)),
    )


def polls_due(db: sqlite3.Connection, now: datetime) -> list[int]:
    return _due(db, "poll_due_at <= ? and state = 'active'", now)


def poll_cursor(db: sqlite3.Connection, channel_id: int) -> str | None:
    row = db.execute("select poll_cursor from channel where id = ?", (channel_id,)).fetchone()
    return None if row is None or row["poll_cursor"] is None else str(row["poll_cursor"])


def claim_poll(db: sqlite3.Connection, channel_id: int, now: datetime, until: datetime) -> bool:
    """False when it is not due, or another worker polls it."""
    done = db.execute(
        """
        update channel set poll_due_at = ?3 where id = ?1 and poll_due_at <= ?2 and state = 'active'
        """,
        (channel_id, stamp(now), stamp(until)),
    )
    return done.rowcount > 0


def polled(
    db: sqlite3.Connection, channel_id: int, cursor: str, cost: float, now: datetime, again_at: datetime
) -> None:
    db.execute(
        """
        update channel set poll_cursor = ?2, poll_cost = poll_cost + ?3, polled_at = ?4, poll_due_at = ?5,
            poll_error = null
        where id = ?1
        """,
        (channel_id, cursor, cost, stamp(now), stamp(again_at)),
    )


def poll_now(db: sqlite3.Connection, platforms: Sequence[str], now: datetime) -> None:
    """Those of these platforms that are polled at all."""
    db.execute(
        """
        update channel set poll_due_at = ?2
        where poll_due_at > ?2 and platform in (select value from json_each(?1))
        """,
        (as_json(platforms), stamp(now)),
    )


def poll_by(db: sqlite3.Connection, platform: str, latest: datetime) -> None:
    """Those that are polled at all, no later than then."""
    db.execute(
        "update channel set poll_due_at = ?2 where poll_due_at > ?2 and platform = ?1",
        (platform, stamp(latest)),
    )


def poll_failed(db: sqlite3.Connection, channel_id: int, error: str, again_at: datetime) -> None:
    db.execute(
        "update channel set poll_error = ?, poll_due_at = ? where id = ?",
        (error, stamp(again_at), channel_id),
    )


def set_polls(db: sqlite3.Connection, channel_id: int, polls: Polls, due_at: datetime | None) -> None:
    """`due_at` None: it is not asked for news."""
    db.execute(
        "update channel set polls = ?, poll_due_at = ?, poll_error = null where id = ?",
        (polls, due_at and stamp(due_at), channel_id),
    )


def _due(db: sqlite3.Connection, condition: str, now: datetime) -> list[int]:
    rows = db.execute(f"select id from channel where {condition} order by id", (stamp(now),))
    return [int(row["id"]) for row in rows.fetchall()]


def delete(db: sqlite3.Connection, channel_id: int) -> None:
    db.execute("delete from channel where id = ?", (channel_id,))
