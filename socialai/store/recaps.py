"""What was said in a conversation before the messages that a turn reads, in short."""

import sqlite3

from socialai.domain.conversation import Message
from socialai.domain.memory import Line, Recap
from socialai.store.records import as_json, to_record, to_records


def find(db: sqlite3.Connection, conversation_id: int) -> Recap | None:
    row = db.execute("select * from recap where conversation_id = ?", (conversation_id,)).fetchone()
    return row and to_record(row, Recap)


def of_contact(db: sqlite3.Connection, contact_id: int) -> list[Recap]:
    rows = db.execute(
        """
        select recap.* from recap join conversation on conversation.id = conversation_id
        where contact_id = ? and until_id > 0 order by conversation_id
        """,
        (contact_id,),
    ).fetchall()
    return to_records(rows, Recap)


def messages(
    db: sqlite3.Connection,
    conversation_id: int,
    after: tuple[str, int],
    before: tuple[str, int] | None,
    limit: int,
) -> list[Message]:
    """Those after one (sent_at, id) and before another, oldest first; None: up to the newest."""
    rows = db.execute(
        """
        select * from message where conversation_id = ?1 and (sent_at, id) > (?2, ?3)
        and (sent_at, id) < (?4, ?5) order by sent_at, id limit ?6
        """,
        (conversation_id, *after, *(before or ("9999", 0)), limit),
    ).fetchall()
    return to_records(rows, Message)


def make_due(db: sqlite3.Connection, conversation_id: int) -> None:
    db.execute(
        """
        insert into recap (conversation_id) values (?) on conflict (conversation_id) do update set due = 1
        """,
        (conversation_id,),
    )


def due(db: sqlite3.Connection, limit: int) -> list[int]:
    rows = db.execute("select conversation_id from recap where due limit ?", (limit,))
    return [row["conversation_id"] for row in rows]


def put(db: sqlite3.Connection, before: Recap, after: Recap) -> bool:
    """False when it changed meanwhile: then it stays due."""
    done = db.execute(
        """
        update recap set due = 0, lines = ?, until_at = ?, until_id = ?, text = ?, text_until_id = ?
        where conversation_id = ? and (until_at, until_id, lines, text) = (?, ?, ?, ?)
        """,
        (
            as_json(after.lines),
            after.until_at,
            after.until_id,
            after.text,
            after.text_until_id,
            after.conversation_id,
            before.until_at,
            before.until_id,
            as_json(before.lines),
            before.text,
        ),
    )
    return done.rowcount > 0


def without(db: sqlite3.Connection, conversation_id: int, message_id: int) -> None:
    """What a message said goes, and with it the words that may tell of it."""
    recap = find(db, conversation_id)
    if recap is None or message_id > recap.until_id:
        return
    kept: tuple[Line, ...] = tuple(line for line in recap.lines if line.message_id != message_id)
    db.execute(
        "update recap set lines = ?, text = '', text_until_id = 0 where conversation_id = ?",
        (as_json(kept), conversation_id),
    )


def forget(db: sqlite3.Connection, contact_id: int) -> None:
    db.execute(
        "delete from recap where conversation_id in (select id from conversation where contact_id = ?)",
        (contact_id,),
    )
