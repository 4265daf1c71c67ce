"""What happens to a message after it was said: edited, taken back, hidden, reacted to, forgotten."""

import sqlite3
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.domain.moderation import Deed
from socialai.store import blobs, details, recaps


def edit(db: sqlite3.Connection, message: Message, text: str, at: datetime) -> None:
    db.execute(
        "insert into edit (message_id, old_text, edited_at) values (?, ?, ?)",
        (message.id, message.text, stamp(at)),
    )
    db.execute("update message set text = ?, edited_at = ? where id = ?", (text, stamp(at), message.id))
    _unlearn(db, message.id, message.conversation_id)


def mark_edited(db: sqlite3.Connection, message_id: int, at: datetime) -> None:
    """It was kept as edited: what it said before never came."""
    db.execute("update message set edited_at = ? where id = ?", (stamp(at), message_id))


def delete(db: sqlite3.Connection, message: Message, at: datetime) -> None:
    """The contact took it back: its words go, its place stays."""
    _forget(db, message.id, message.conversation_id)
    db.execute(
        "update message set text = '', payload = null, attachments = '[]', deleted_at = ? where id = ?",
        (stamp(at), message.id),
    )


def react(db: sqlite3.Connection, message_id: int, emoji: str | None) -> None:
    db.execute("update message set reaction = ? where id = ?", (emoji, message_id))


def hide(db: sqlite3.Connection, message_id: int, at: datetime | None) -> None:
    """None: it is seen again."""
    db.execute("update message set hidden_at = ? where id = ?", (at and stamp(at), message_id))


def moderated(db: sqlite3.Connection, message: Message, deed: Deed, text: str, at: datetime) -> None:
    """The platform has done what was asked."""
    if deed == "edit":
        edit(db, message, text, at)
    elif deed == "delete":
        delete(db, message, at)
    else:
        hide(db, message.id, at if deed == "hide" else None)


def forget(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    """Their words go: the platform's terms want it. The conversations that are touched."""
    rows = db.execute(
        """
        update message set text = '', payload = null, attachments = '[]', forget_at = null, forgotten_at = ?1
        where id in (select id from message where forget_at <= ?1 order by forget_at limit ?2)
        returning id, conversation_id
        """,
        (stamp(now), limit),
    ).fetchall()
    for row in rows:
        _forget(db, row["id"], row["conversation_id"])
        db.execute("update conversation set preview = '' where id = ?", (row["conversation_id"],))
    return sorted({int(row["conversation_id"]) for row in rows})


def _forget(db: sqlite3.Connection, message_id: int, conversation_id: int) -> None:
    """What was kept of its words beside it: earlier ones, files, what was remembered."""
    db.execute("delete from edit where message_id = ?", (message_id,))
    blobs.forget(db, message_id)
    _unlearn(db, message_id, conversation_id)


def _unlearn(db: sqlite3.Connection, message_id: int, conversation_id: int) -> None:
    """What was remembered of words that nobody says any more."""
    details.forget_message(db, message_id)
    recaps.without(db, conversation_id, message_id)
