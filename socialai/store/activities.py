"""What happened to a conversation, as plain lines between its messages."""

import sqlite3
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Activity
from socialai.store.records import to_records


def add(
    db: sqlite3.Connection,
    conversation_id: int,
    kind: str,
    text: str,
    now: datetime,
    user_id: int | None = None,
) -> None:
    db.execute(
        "insert into activity (conversation_id, user_id, kind, text, created_at) values (?, ?, ?, ?, ?)",
        (conversation_id, user_id, kind, text, stamp(now)),
    )


def add_once(db: sqlite3.Connection, conversation_id: int, kind: str, text: str, at: datetime) -> None:
    """The same again, of the same time, is not added."""
    row = db.execute(
        "select 1 from activity where conversation_id = ? and kind = ? and text = ? and created_at = ?",
        (conversation_id, kind, text, stamp(at)),
    ).fetchone()
    if row is None:
        add(db, conversation_id, kind, text, at)


def activities(db: sqlite3.Connection, conversation_id: int) -> list[Activity]:
    rows = db.execute(
        "select * from activity where conversation_id = ? order by id", (conversation_id,)
    ).fetchall()
    return to_records(rows, Activity)
