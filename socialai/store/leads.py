"""One lead a contact: the newest score, with its reasons."""

import sqlite3
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.lead import Lead, Score, Temperature
from socialai.domain.triage import Intent
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records


def put(
    db: sqlite3.Connection,
    contact_id: int,
    conversation_id: int,
    intent: Intent,
    score: Score,
    source: str,
    now: datetime,
) -> None:
    db.execute(
        """
        insert into lead
            (contact_id, score, temperature, intent, reasons, source, conversation_id, created_at, updated_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
        on conflict (contact_id) do update set
            score = excluded.score, temperature = excluded.temperature, intent = excluded.intent,
            reasons = excluded.reasons, conversation_id = excluded.conversation_id,
            updated_at = excluded.updated_at
        """,
        (
            contact_id,
            score.value,
            score.temperature,
            intent,
            as_json(score.reasons),
            source,
            conversation_id,
            stamp(now),
        ),
    )


def find(db: sqlite3.Connection, contact_id: int) -> Lead | None:
    row = db.execute("select * from lead where contact_id = ?", (contact_id,)).fetchone()
    return row and to_record(row, Lead)


def get(db: sqlite3.Connection, contact_id: int) -> Lead:
    lead = find(db, contact_id)
    if lead is None:
        raise NotFound(f"There is no lead for contact {contact_id}.")
    return lead


def leads(
    db: sqlite3.Connection,
    temperature: Temperature | None = None,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[Lead]:
    """Best first, after the (score, contact id) of the last one seen."""
    score, contact_id = after or (101, 0)
    rows = db.execute(
        """
        select * from lead where (?1 is null or temperature = ?1)
        and (score < ?2 or (score = ?2 and contact_id > ?3))
        order by score desc, contact_id limit ?4
        """,
        (temperature, score, contact_id, limit),
    ).fetchall()
    return to_records(rows, Lead)


def convert(db: sqlite3.Connection, contact_id: int, now: datetime) -> bool:
    """Mark as converted; False when it was before."""
    lead = get(db, contact_id)
    db.execute(
        "update lead set converted_at = coalesce(converted_at, ?) where contact_id = ?",
        (stamp(now), contact_id),
    )
    return lead.converted_at is None
