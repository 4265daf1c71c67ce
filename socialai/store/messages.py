"""Kept texts, each once by the platform's id."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Author, Message
from socialai.domain.happening import Delivered, Echoed, Received
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records


def add_inbound(
    db: sqlite3.Connection,
    conversation_id: int,
    received: Received,
    event_id: int | None,
    trace_id: str,
    now: datetime,
    *,
    needs_answer: bool = True,
) -> Message | None:
    """Keep a contact's message; None if the platform delivered it before."""
    row = db.execute(
        """
        insert into message (conversation_id, external_id, author, kind, text, payload, attachments, reply_to,
                             event_id, trace_id, answered_at, sent_at, created_at)
        values (?, ?, 'contact', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (conversation_id, external_id) do nothing
        returning *
        """,
        (
            conversation_id,
            received.external_id,
            received.kind,
            received.text,
            received.payload,
            as_json(received.attachments),
            received.reply_to,
            event_id,
            trace_id,
            None if needs_answer else stamp(now),
            stamp(received.at),
            stamp(now),
        ),
    ).fetchone()
    return row and to_record(row, Message)


def add_echo(
    db: sqlite3.Connection, conversation_id: int, author: Author, echoed: Echoed, event_id: int, now: datetime
) -> Message | None:
    """Keep what the business wrote past this hub; None if it is kept already."""
    row = db.execute(
        """
        insert into message (conversation_id, external_id, author, kind, text, attachments, event_id,
                             sent_at, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (conversation_id, external_id) do nothing
        returning *
        """,
        (
            conversation_id,
            echoed.external_id,
            author,
            "text" if echoed.text else "attachment",
            echoed.text,
            as_json(echoed.attachments),
            event_id,
            stamp(echoed.at),
            stamp(now),
        ),
    ).fetchone()
    _catch_up(db, conversation_id)
    return row and to_record(row, Message)


def add_outgoing(
    db: sqlite3.Connection,
    conversation_id: int,
    reply_id: int,
    author: Author,
    user_id: int | None,
    text: str,
    now: datetime,
) -> int:
    """What we are about to send; the platform's id comes when it has accepted it."""
    row = db.execute(
        """
        insert into message (conversation_id, reply_id, author, user_id, kind, text, sent_at, created_at)
        values (?1, ?2, ?3, ?4, 'text', ?5, ?6, ?6) returning id
        """,
        (conversation_id, reply_id, author, user_id, text, stamp(now)),
    ).fetchone()
    return int(row["id"])


def sent(db: sqlite3.Connection, message_id: int, external_id: str, at: datetime) -> None:
    """Ours arrived. An echo that came without our key was kept as a person's message: it was this one."""
    db.execute(
        """
        delete from message where external_id = ?2 and id != ?1 and reply_id is null
        and conversation_id = (select conversation_id from message where id = ?1)
        """,
        (message_id, external_id),
    )
    db.execute(
        "update message set external_id = ?, sent_at = ? where id = ?", (external_id, stamp(at), message_id)
    )
    _catch_up(db, get(db, message_id).conversation_id)


def search(db: sqlite3.Connection, words: str, limit: int, longest: int) -> list[Message]:
    """Newest first, what contacts wrote that holds `words`, is short enough and is no example yet."""
    rows = db.execute(
        """
        select * from message where author = 'contact' and deleted_at is null
        and length(trim(text)) between 1 and ?3 and (?1 = '' or text like '%' || ?1 || '%')
        and not exists (select 1 from intent_example where message_id = message.id)
        order by id desc limit ?2
        """,
        (words, limit, longest),
    ).fetchall()
    return to_records(rows, Message)


def by_ids(db: sqlite3.Connection, message_ids: Sequence[int]) -> list[Message]:
    """Those that there are, oldest first."""
    rows = db.execute(
        "select * from message where id in (select value from json_each(?)) order by id",
        (as_json(message_ids),),
    ).fetchall()
    return to_records(rows, Message)


def get(db: sqlite3.Connection, message_id: int) -> Message:
    row = db.execute("select * from message where id = ?", (message_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no message {message_id}.")
    return to_record(row, Message)


def find(db: sqlite3.Connection, conversation_id: int, external_id: str) -> Message | None:
    row = db.execute(
        "select * from message where conversation_id = ? and external_id = ?", (conversation_id, external_id)
    ).fetchone()
    return row and to_record(row, Message)


def messages(
    db: sqlite3.Connection,
    conversation_id: int,
    *,
    since: datetime | None = None,
    before: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Message]:
    """The newest ones before the (sent_at, id) given, oldest first."""
    at, last_id = before or ("9999", 0)
    rows = db.execute(
        """
        select * from message where conversation_id = ?1 and (?2 is null or sent_at >= ?2)
        and (sent_at < ?3 or (sent_at = ?3 and id < ?4))
        order by sent_at desc, id desc limit ?5
        """,
        (conversation_id, since and stamp(since), at, last_id, limit),
    ).fetchall()
    return to_records(rows[::-1], Message)


def unanswered(
    db: sqlite3.Connection, conversation_id: int, taken_in_at: datetime | None = None
) -> list[Message]:
    """What the contact wrote that no turn has taken in, or the one at `taken_in_at` did, oldest first."""
    rows = db.execute(
        """
        select * from message
        where conversation_id = ?1 and author = 'contact' and deleted_at is null
        and (answered_at is null or answered_at = ?2)
        order by sent_at, id
        """,
        (conversation_id, taken_in_at and stamp(taken_in_at)),
    ).fetchall()
    return to_records(rows, Message)


def count_by_contact(db: sqlite3.Connection, conversation_id: int) -> int:
    row = db.execute(
        "select count(*) from message where conversation_id = ? and author = 'contact'", (conversation_id,)
    ).fetchone()
    return int(row[0])


def mark_answered(db: sqlite3.Connection, message_ids: Sequence[int], now: datetime) -> None:
    """A turn took these in, perhaps after an earlier one whose draft was not sent."""
    marks = ", ".join("?" * len(message_ids))
    db.execute(f"update message set answered_at = ? where id in ({marks})", (stamp(now), *message_ids))


def mark_all_answered(db: sqlite3.Connection, conversation_id: int, now: datetime) -> None:
    db.execute(
        """
        update message set answered_at = ?2
        where conversation_id = ?1 and author = 'contact' and answered_at is null
        """,
        (conversation_id, stamp(now)),
    )


def unmark_answered(db: sqlite3.Connection, message_id: int) -> None:
    db.execute("update message set answered_at = null where id = ?", (message_id,))


def edit(db: sqlite3.Connection, message: Message, text: str, at: datetime) -> None:
    db.execute(
        "insert into edit (message_id, old_text, edited_at) values (?, ?, ?)",
        (message.id, message.text, stamp(at)),
    )
    db.execute("update message set text = ?, edited_at = ? where id = ?", (text, stamp(at), message.id))


def mark_edited(db: sqlite3.Connection, conversation_id: int, external_id: str, at: datetime) -> None:
    """It was kept as edited: what it said before never came."""
    db.execute(
        "update message set edited_at = ? where conversation_id = ? and external_id = ?",
        (stamp(at), conversation_id, external_id),
    )


def delete(db: sqlite3.Connection, message_id: int, at: datetime) -> None:
    """The contact took it back: its words go, its place stays."""
    db.execute("delete from edit where message_id = ?", (message_id,))
    db.execute(
        "update message set text = '', payload = null, attachments = '[]', deleted_at = ? where id = ?",
        (stamp(at), message_id),
    )


def react(db: sqlite3.Connection, message_id: int, emoji: str | None) -> None:
    db.execute("update message set reaction = ? where id = ?", (emoji, message_id))


def delivered(db: sqlite3.Connection, conversation_id: int, receipt: Delivered) -> None:
    watermark = stamp(receipt.watermark)
    db.execute(
        """
        update conversation set delivered_watermark = max(coalesce(delivered_watermark, ''), ?) where id = ?
        """,
        (watermark, conversation_id),
    )
    _mark_delivered(db, conversation_id, watermark, receipt.external_ids)


def read(db: sqlite3.Connection, conversation_id: int, watermark: datetime) -> None:
    db.execute(
        "update conversation set read_watermark = max(coalesce(read_watermark, ''), ?) where id = ?",
        (stamp(watermark), conversation_id),
    )
    _mark_read(db, conversation_id, stamp(watermark))


def _catch_up(db: sqlite3.Connection, conversation_id: int) -> None:
    """Receipts may come before what they are for."""
    row = db.execute(
        "select delivered_watermark, read_watermark from conversation where id = ?", (conversation_id,)
    ).fetchone()
    if row["delivered_watermark"]:
        _mark_delivered(db, conversation_id, row["delivered_watermark"], ())
    if row["read_watermark"]:
        _mark_read(db, conversation_id, row["read_watermark"])


def _mark_delivered(
    db: sqlite3.Connection, conversation_id: int, watermark: str, external_ids: Sequence[str]
) -> None:
    db.execute(
        """
        update message set delivered_at = ?2
        where conversation_id = ?1 and author != 'contact' and delivered_at is null
        and external_id is not null and (sent_at <= ?2 or external_id in (select value from json_each(?3)))
        """,
        (conversation_id, watermark, as_json(external_ids)),
    )


def _mark_read(db: sqlite3.Connection, conversation_id: int, watermark: str) -> None:
    db.execute(
        """
        update message set read_at = ?2, delivered_at = coalesce(delivered_at, ?2)
        where conversation_id = ?1 and author != 'contact' and read_at is null and external_id is not null
        and sent_at <= ?2
        """,
        (conversation_id, watermark),
    )
