"""Files that a visitor chose, until the message is kept that they belong to."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.domain.visitor import UPLOADS_KEPT
from socialai.store.records import as_json


def add(
    db: sqlite3.Connection,
    visitor_id: int,
    ref: str,
    name: str,
    media_type: str,
    content: bytes,
    now: datetime,
) -> None:
    db.execute(
        """
        insert into upload (visitor_id, ref, name, media_type, content, created_at)
        values (?, ?, ?, ?, ?, ?)
        """,
        (visitor_id, ref, name, media_type, content, stamp(now)),
    )


def size(db: sqlite3.Connection, visitor_id: int) -> int:
    """Bytes of all that wait."""
    row = db.execute(
        "select coalesce(sum(length(content)), 0) as size from upload where visitor_id = ?", (visitor_id,)
    ).fetchone()
    return int(row["size"])


def named(db: sqlite3.Connection, visitor_id: int, refs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Name and media type of those that are this visitor's."""
    rows = db.execute(
        """
        select ref, name, media_type from upload
        where visitor_id = ? and ref in (select value from json_each(?))
        """,
        (visitor_id, as_json(refs)),
    )
    return {row["ref"]: (row["name"], row["media_type"]) for row in rows}


def hand_over(db: sqlite3.Connection, message: Message) -> None:
    """The files that came before their message are its own now."""
    for position, attachment in enumerate(message.attachments):
        if attachment.ref is None:
            continue
        db.execute(
            """
            update blob set state = 'kept', due_at = null, media_type = upload.media_type,
                content = upload.content
            from upload where upload.ref = ?3 and blob.message_id = ?1 and blob.position = ?2
            """,
            (message.id, position, attachment.ref),
        )
        db.execute("delete from upload where ref = ?", (attachment.ref,))


def remove_old(db: sqlite3.Connection, now: datetime) -> None:
    db.execute("delete from upload where created_at <= ?", (stamp(now - UPLOADS_KEPT),))
