"""Kept texts, each once by the platform's id."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Author, Message
from socialai.domain.happening import Echoed, Received
from socialai.errors import NotFound
from socialai.store import receipts
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
    forget_at: datetime | None = None,
) -> Message | None:
    """Keep a contact's message; None if the platform delivered it before."""
    row = db.execute(
        """
        insert into message (conversation_id, external_id, author, kind, text, payload, attachments, reply_to,
                             closed, event_id, trace_id, answered_at, forget_at, sent_at, created_at)
        values (?, ?, 'contact', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            received.closed,
            event_id,
            trace_id,
            None if needs_answer else stamp(now),
            forget_at and stamp(forget_at),
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
        insert into message (conversation_id, external_id, author, kind, text, attachments, reply_to,
        event_id,                      sent_at, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            echoed.reply_to,
            event_id,
            stamp(echoed.at),
            stamp(now),
        ),
    ).fetchone()
    receipts.catch_up(db, conversation_id)
    return row and to_record(row, Message)


def add_outgoing(
    db: sqlite3.Connection,
    conversation_id: int,
    reply_id: int,
    author: Author,
    user_id: int | None,
    text: str,
    now: datetime,
    *,
    private: bool = False,
) -> int:
    """What we are about to send; the platform's id comes when it has accepted it."""
    row = db.execute(
        """
        insert into message
            (conversation_id, reply_id, author, user_id, kind, text, private, sent_at, created_at)
        values (?1, ?2, ?3, ?4, 'text', ?5, ?6, ?7, ?7) returning id
        """,
        (conversation_id, reply_id, author, user_id, text, private, stamp(now)),
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
    receipts.catch_up(db, get(db, message_id).conversation_id)


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


def find_on_channel(db: sqlite3.Connection, channel_id: int, external_id: str) -> Message | None:
    """Whoever's conversation it is in."""
    row = db.execute(
        """
        select message.* from message join conversation on conversation.id = conversation_id
        where channel_id = ? and external_id = ?
        """,
        (channel_id, external_id),
    ).fetchone()
    return row and to_record(row, Message)


def find_last_of_contact(db: sqlite3.Connection, conversation_id: int) -> Message | None:
    """What the contact said last and has not taken back; of what may be answered, if there is any."""
    row = db.execute(
        """
        select * from message where conversation_id = ? and author = 'contact' and deleted_at is null
        order by closed is not null, sent_at desc, id desc limit 1
        """,
        (conversation_id,),
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


def count(db: sqlite3.Connection, conversation_id: int) -> int:
    row = db.execute("select count(*) from message where conversation_id = ?", (conversation_id,)).fetchone()
    return int(row[0])


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
