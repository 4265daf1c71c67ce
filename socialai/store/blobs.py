"""Files that came with messages, in the tenant's own file: they go where it goes, and with the contact."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.blob import Blob
from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records

_FIELDS = "id, message_id, position, state, reason, media_type, tries, length(content) as size"


def expect(db: sqlite3.Connection, message: Message, now: datetime) -> list[int]:
    """Each attachment that can be fetched is due; [the message], to wake for, when there is one."""
    wanted = [
        (message.id, position, stamp(now))
        for position, attachment in enumerate(message.attachments)
        if attachment.ref or (attachment.url or "").startswith("http")
    ]
    db.executemany("insert or ignore into blob (message_id, position, due_at) values (?, ?, ?)", wanted)
    return [message.id] if wanted else []


def due(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    """Messages with files to fetch."""
    rows = db.execute(
        "select distinct message_id from blob where due_at <= ? order by due_at limit ?", (stamp(now), limit)
    )
    return [int(row["message_id"]) for row in rows]


def waiting(db: sqlite3.Connection, message_id: int, now: datetime) -> list[Blob]:
    rows = db.execute(
        f"select {_FIELDS} from blob where message_id = ? and due_at <= ? order by position",
        (message_id, stamp(now)),
    ).fetchall()
    return to_records(rows, Blob)


def keep(db: sqlite3.Connection, blob_id: int, media_type: str, content: bytes) -> None:
    db.execute(
        """
        update blob set state = 'kept', due_at = null, reason = null, media_type = ?, content = ? where id = ?
        """,
        (media_type, content, blob_id),
    )


def refuse(db: sqlite3.Connection, blob_id: int, reason: str) -> None:
    db.execute("update blob set state = 'refused', due_at = null, reason = ? where id = ?", (reason, blob_id))


def postpone(db: sqlite3.Connection, blob_id: int, until: datetime) -> None:
    db.execute("update blob set tries = tries + 1, due_at = ? where id = ?", (stamp(until), blob_id))


def of_messages(db: sqlite3.Connection, message_ids: Sequence[int]) -> list[Blob]:
    rows = db.execute(
        f"""
        select {_FIELDS} from blob where message_id in (select value from json_each(?))
        order by message_id, position
        """,
        (as_json(message_ids),),
    ).fetchall()
    return to_records(rows, Blob)


def get(db: sqlite3.Connection, conversation_id: int, blob_id: int) -> tuple[Blob, bytes]:
    """With its bytes; NotFound unless it was kept and came in this conversation."""
    row = db.execute(
        f"""
        select {_FIELDS}, content from blob where id = ?2 and state = 'kept' and exists
            (select 1 from message where message.id = message_id and conversation_id = ?1)
        """,
        (conversation_id, blob_id),
    ).fetchone()
    if row is None:
        raise NotFound(f"There is no file {blob_id} in this conversation.")
    return to_record(row, Blob), bytes(row["content"])


def forget(db: sqlite3.Connection, message_id: int) -> None:
    db.execute("delete from blob where message_id = ?", (message_id,))
