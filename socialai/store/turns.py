"""What was understood and decided, turn by turn."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec

from socialai.domain.clock import stamp
from socialai.domain.lead import Score
from socialai.domain.reply import Source, Tier, TurnOutcome, TurnRecord
from socialai.domain.support import Checked
from socialai.domain.triage import Triage
from socialai.store.records import as_json, to_record


def add(
    db: sqlite3.Connection,
    conversation_id: int,
    message_id: int,
    trace_id: str,
    *,
    triage: Triage,
    outcome: TurnOutcome,
    reasons: Sequence[str],
    sources: Sequence[Source],
    score: Score,
    model_versions: dict[str, str],
    stage_ms: dict[str, float],
    now: datetime,
    tier: Tier | None,
    checked: Sequence[Checked] = (),
) -> int:
    row = db.execute(
        """
        insert into turn (conversation_id, message_id, trace_id, triage, outcome, reasons, sources,
                          lead_score, lead_temperature, model_versions, stage_ms, created_at, checked, tier)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
        """,
        (
            conversation_id,
            message_id,
            trace_id,
            as_json(triage),
            outcome,
            as_json(reasons),
            as_json(sources),
            score.value,
            score.temperature,
            as_json(model_versions),
            as_json(stage_ms),
            stamp(now),
            as_json(checked),
            tier,
        ),
    ).fetchone()
    return int(row["id"])


def checked(db: sqlite3.Connection, turn_id: int) -> tuple[Checked, ...]:
    """The sentences of the reply that this turn wrote, each with its evidence."""
    row = db.execute("select checked from turn where id = ?", (turn_id,)).fetchone()
    return msgspec.json.decode(row["checked"], type=tuple[Checked, ...]) if row else ()


def find_tier(db: sqlite3.Connection, turn_id: int | None) -> Tier | None:
    """What wrote the reply of a turn."""
    row = db.execute("select tier from turn where id = ?", (turn_id,)).fetchone()
    tier: Tier | None = row["tier"] if row else None
    return tier


def find_latest(db: sqlite3.Connection, conversation_id: int) -> TurnRecord | None:
    row = db.execute(
        "select * from turn where conversation_id = ? order by id desc limit 1", (conversation_id,)
    ).fetchone()
    return row and to_record(row, TurnRecord)


def find_by_message(db: sqlite3.Connection, message_id: int) -> TurnRecord | None:
    row = db.execute(
        "select * from turn where message_id = ? order by id desc limit 1", (message_id,)
    ).fetchone()
    return row and to_record(row, TurnRecord)


def find_covering(db: sqlite3.Connection, conversation_id: int, message_id: int) -> TurnRecord | None:
    """The turn that took a message in: a burst is answered under its last message."""
    row = db.execute(
        """
        select * from turn where conversation_id = ? and message_id >= ? order by message_id, id desc limit 1
        """,
        (conversation_id, message_id),
    ).fetchone()
    return row and to_record(row, TurnRecord)


def turns(db: sqlite3.Connection, conversation_id: int) -> list[TurnRecord]:
    rows = db.execute(
        "select * from turn where conversation_id = ? order by id", (conversation_id,)
    ).fetchall()
    return [to_record(row, TurnRecord) for row in rows]


def count(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from turn").fetchone()[0])
