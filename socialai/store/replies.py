"""What we answer: draft → approved → sent. At most one draft waits in a conversation."""

import sqlite3
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.domain.reply import Reply, ReplyState
from socialai.errors import Conflict, NotFound
from socialai.store.records import to_record, to_records


def add(
    db: sqlite3.Connection,
    conversation_id: int,
    state: ReplyState,
    text: str,
    version: int,
    now: datetime,
    *,
    turn_id: int | None = None,
    user_id: int | None = None,
    private: bool = False,
) -> Reply:
    """A reply of the assistant's turn, or of the user who wrote it."""
    row = db.execute(
        """
        insert into reply (conversation_id, turn_id, author, user_id, state, text, original_text, version,
                           created_at, approved_at, private)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, case when ?5 = 'approved' then ?8 end, ?9)
        returning *
        """,
        (
            conversation_id,
            turn_id,
            "assistant" if user_id is None else "user",
            user_id,
            state,
            text,
            version,
            stamp(now),
            private,
        ),
    ).fetchone()
    return to_record(row, Reply)


def get(db: sqlite3.Connection, reply_id: int) -> Reply:
    row = db.execute("select * from reply where id = ?", (reply_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no reply {reply_id}.")
    return to_record(row, Reply)


def find_draft(db: sqlite3.Connection, conversation_id: int) -> Reply | None:
    row = db.execute(
        "select * from reply where conversation_id = ? and state = 'draft'", (conversation_id,)
    ).fetchone()
    return row and to_record(row, Reply)


def replies(db: sqlite3.Connection, conversation_id: int) -> list[Reply]:
    rows = db.execute("select * from reply where conversation_id = ? order by id", (conversation_id,))
    return to_records(rows.fetchall(), Reply)


def drafts(db: sqlite3.Connection, *, before: int | None = None, limit: int = 50) -> list[Reply]:
    rows = db.execute(
        """
        select * from reply where state = 'draft' and (?1 is null or id < ?1) order by id desc limit ?2
        """,
        (before, limit),
    )
    return to_records(rows.fetchall(), Reply)


def answered_in_private(db: sqlite3.Connection, comment: Message) -> bool:
    """The comment was answered by private message, or is about to be."""
    row = db.execute(
        """
        select 1 from reply where conversation_id = ? and private and state in ('approved', 'sent')
        and created_at >= ?
        """,
        (comment.conversation_id, stamp(comment.created_at)),
    ).fetchone()
    return row is not None


def make_private(db: sqlite3.Connection, reply_id: int) -> None:
    db.execute("update reply set private = 1 where id = ?", (reply_id,))


def edit(db: sqlite3.Connection, reply_id: int, text: str, now: datetime) -> Reply:
    return _change(db, reply_id, "text = ?2, edited_at = ?3", (text, stamp(now)), "draft")


def fit(db: sqlite3.Connection, reply_id: int, version: int) -> Reply:
    """The draft was looked over by a person who saw the conversation at `version`."""
    return _change(db, reply_id, "version = ?2", (version,), "draft")


def approve(db: sqlite3.Connection, reply_id: int, user_id: int | None, now: datetime) -> Reply:
    return _change(
        db, reply_id, "state = 'approved', user_id = ?2, approved_at = ?3", (user_id, stamp(now)), "draft"
    )


def reject(db: sqlite3.Connection, reply_id: int, user_id: int) -> Reply:
    return _change(db, reply_id, "state = 'rejected', user_id = ?2", (user_id,), "draft")


def supersede(db: sqlite3.Connection, conversation_id: int) -> None:
    """The waiting draft no longer fits what was said."""
    db.execute(
        "update reply set state = 'superseded' where conversation_id = ? and state = 'draft'",
        (conversation_id,),
    )


def withdraw(db: sqlite3.Connection, reply_id: int) -> None:
    """It was approved, but is not sent any more."""
    db.execute("update reply set state = 'superseded' where id = ? and state = 'approved'", (reply_id,))


def finish(db: sqlite3.Connection, reply_id: int) -> None:
    """Sent once every part of it is; failed while one is dead or discarded, also when it had been taken for
    sent."""
    db.execute(
        """
        update reply set
            state = case
                when exists (select 1 from outbox where reply_id = ?1 and state in ('dead', 'discarded'))
                    then 'failed'
                when not exists (select 1 from outbox where reply_id = ?1 and state != 'sent') then 'sent'
                else 'approved' end,
            sent_at = (select max(sent_at) from outbox where reply_id = ?1)
        where id = ?1 and state in ('approved', 'sent', 'failed')
        """,
        (reply_id,),
    )


def _change(
    db: sqlite3.Connection, reply_id: int, change: str, values: tuple[object, ...], expected: ReplyState
) -> Reply:
    row = db.execute(
        f"update reply set {change} where id = ?1 and state = '{expected}' returning *", (reply_id, *values)
    ).fetchone()
    if row is None:
        state = get(db, reply_id).state
        raise Conflict(f"This reply is {state} by now. Look at the conversation again.")
    return to_record(row, Reply)
