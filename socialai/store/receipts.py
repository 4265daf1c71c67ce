"""How far messages of ours have come, as the platform tells it."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.happening import Delivered
from socialai.store.records import as_json


def delivered(db: sqlite3.Connection, conversation_id: int, receipt: Delivered) -> None:
    if receipt.watermark is None:
        _mark_these_delivered(db, conversation_id, stamp(receipt.at), receipt.external_ids)
        return
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


def catch_up(db: sqlite3.Connection, conversation_id: int) -> None:
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


def _mark_these_delivered(
    db: sqlite3.Connection, conversation_id: int, at: str, external_ids: Sequence[str]
) -> None:
    db.execute(
        """
        update message set delivered_at = ?2
        where conversation_id = ?1 and author != 'contact' and delivered_at is null
        and external_id in (select value from json_each(?3))
        """,
        (conversation_id, at, as_json(external_ids)),
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
