"""Visitors of the chat on the shop's own site, and what each may see."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.domain.visitor import BURST, KEPT, NEW_WITHIN, Visitor
from socialai.store.records import to_record, to_records

_FIELDS = "id, channel_id, external_id, introduced_at, allowance, refilled_at"


def add(
    db: sqlite3.Connection,
    channel_id: int,
    external_id: str,
    digest: bytes,
    network: bytes | None,
    now: datetime,
) -> None:
    db.execute(
        """
        insert into visitor
            (channel_id, external_id, digest, network, allowance, refilled_at, created_at, expires_at)
        values (?, ?, ?, ?, ?, ?6, ?6, ?7)
        """,
        (channel_id, external_id, digest, network, BURST, stamp(now), stamp(now + KEPT)),
    )


def find(db: sqlite3.Connection, channel_id: int, digest: bytes, now: datetime) -> Visitor | None:
    row = db.execute(
        f"select {_FIELDS} from visitor where channel_id = ? and digest = ? and expires_at > ?",
        (channel_id, digest, stamp(now)),
    ).fetchone()
    return row and to_record(row, Visitor)


def count_new(
    db: sqlite3.Connection, channel_id: int, network: bytes | None, now: datetime
) -> tuple[int, int]:
    """Who came lately: all of them, and those from one place."""
    row = db.execute(
        """
        select count(*) as everyone, count(*) filter (where network = ?2) as of_one
        from visitor where channel_id = ?1 and created_at > ?3
        """,
        (channel_id, network, stamp(now - NEW_WITHIN)),
    ).fetchone()
    return int(row["everyone"]), int(row["of_one"])


def charge(db: sqlite3.Connection, visitor: Visitor, left: float, now: datetime) -> None:
    """They were here: what they are known by lasts from now on."""
    db.execute(
        "update visitor set allowance = ?, refilled_at = ?, expires_at = ? where id = ?",
        (left, stamp(now), stamp(now + KEPT), visitor.id),
    )


def introduce(db: sqlite3.Connection, visitor_id: int, now: datetime) -> None:
    db.execute("update visitor set introduced_at = ? where id = ?", (stamp(now), visitor_id))


def said(db: sqlite3.Connection, visitor: Visitor, limit: int) -> Sequence[Message]:
    """What a visitor may see, oldest first: their own words, and ours to them once they were sent. By its
    id a message says whose it is, so that joining contacts shows nobody the words of another."""
    rows = db.execute(
        """
        select * from (
            select message.* from message join conversation on conversation.id = conversation_id
            where channel_id = ?1 and message.external_id > ?2 || '/' and message.external_id < ?2 || '0'
            and deleted_at is null order by message.id desc limit ?3
        ) order by sent_at, id
        """,
        (visitor.channel_id, visitor.external_id, limit),
    ).fetchall()
    return to_records(rows, Message)


def remove_expired(db: sqlite3.Connection, now: datetime) -> None:
    db.execute("delete from visitor where expires_at <= ?", (stamp(now),))
