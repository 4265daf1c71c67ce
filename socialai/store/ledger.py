"""The ledger of what was sent to language models outside."""

import sqlite3
from datetime import datetime, timedelta

from socialai.domain.clock import stamp
from socialai.domain.engine import Call
from socialai.store.records import as_json, to_records

_KEPT = timedelta(days=400)


def add(db: sqlite3.Connection, call: Call) -> None:
    """Calls older than 400 days go."""
    db.execute("delete from engine_call where at < ?", (stamp(call.at - _KEPT),))
    db.execute(
        """
        insert into engine_call (
            at, host, model, purpose, fields, masked,
            bytes_out, bytes_in, tokens_in, tokens_out, ms, outcome, error
        ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            stamp(call.at), call.host, call.model, call.purpose, as_json(call.fields), as_json(call.masked),
            call.bytes_out, call.bytes_in, call.tokens_in, call.tokens_out, call.ms, call.outcome, call.error,
        ),
    )  # fmt: skip


def calls(
    db: sqlite3.Connection, *, before: int | None = None, since: datetime | None = None, limit: int = 50
) -> list[Call]:
    """Newest first, before the id of the last one seen."""
    rows = db.execute(
        """
        select * from engine_call where (?1 is null or id < ?1) and (?2 is null or at >= ?2)
        order by id desc limit ?3
        """,
        (before, stamp(since) if since else None, limit),
    ).fetchall()
    return to_records(rows, Call)
