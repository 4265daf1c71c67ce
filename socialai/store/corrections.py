"""What people say of messages that were understood, one a message; and the turns to compare it with."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.domain.correction import Correction, Judgement
from socialai.domain.triage import Triage
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records


class StoredCorrection(Struct, frozen=True):
    """`vector` is None until it is encoded."""

    message_id: int
    text: str
    said: Judgement
    meant: Judgement
    vector: bytes | None


class Reviewed(Struct, frozen=True):
    """A turn that a person dealt with; `meant` is None where nobody corrected or confirmed it."""

    triage: Triage
    created_at: datetime
    meant: Judgement | None = None


class Agreed(Struct, frozen=True):
    text: str
    triage: Triage


class Counted(Struct, frozen=True):
    day: str
    intent: str
    mood: str
    count: int
    own: str | None = None


def put(
    db: sqlite3.Connection,
    message_id: int,
    text: str,
    said: Judgement,
    meant: Judgement,
    now: datetime,
    *,
    turn_id: int | None = None,
    user_id: int | None = None,
) -> Correction:
    """The last word counts."""
    row = db.execute(
        """
        insert or replace into correction (message_id, turn_id, text, said, meant, user_id, created_at)
        values (?, ?, ?, ?, ?, ?, ?) returning *
        """,
        (message_id, turn_id, text, as_json(said), as_json(meant), user_id or None, stamp(now)),
    ).fetchone()
    _changed(db)
    return to_record(row, Correction)


def find(db: sqlite3.Connection, message_id: int) -> Correction | None:
    row = db.execute("select * from correction where message_id = ?", (message_id,)).fetchone()
    return row and to_record(row, Correction)


def by_conversation(db: sqlite3.Connection, conversation_id: int) -> dict[int, Correction]:
    """By message."""
    rows = db.execute(
        """
        select correction.* from correction join message on message.id = correction.message_id
        where message.conversation_id = ?
        """,
        (conversation_id,),
    ).fetchall()
    return {one.message_id: one for one in to_records(rows, Correction)}


def delete(db: sqlite3.Connection, message_id: int) -> None:
    """NotFound while nobody said anything of it."""
    if not db.execute("delete from correction where message_id = ?", (message_id,)).rowcount:
        raise NotFound(f"Nobody corrected message {message_id}.")
    _changed(db)


def corrections(
    db: sqlite3.Connection, *, before: tuple[str, int] | None = None, limit: int = 50
) -> list[Correction]:
    """Newest first, before the (created_at, message id) of the last one seen."""
    at, last_id = before or ("9999", 0)
    rows = db.execute(
        """
        select * from correction where created_at < ?1 or (created_at = ?1 and message_id < ?2)
        order by created_at desc, message_id desc limit ?3
        """,
        (at, last_id, limit),
    ).fetchall()
    return to_records(rows, Correction)


def count(db: sqlite3.Connection) -> int:
    """Those with words, to learn from."""
    return int(db.execute("select count(*) from correction where text != ''").fetchone()[0])


def newest(db: sqlite3.Connection, limit: int) -> list[StoredCorrection]:
    """With their vectors, to learn from; only those that have words."""
    rows = db.execute(
        "select * from correction where text != '' order by created_at desc, message_id desc limit ?",
        (limit,),
    ).fetchall()
    return to_records(rows, StoredCorrection)


def set_vectors(db: sqlite3.Connection, vectors: Sequence[tuple[int, bytes]]) -> None:
    """(message id, float32 × 384) each."""
    db.executemany("update correction set vector = ?2 where message_id = ?1", vectors)


def use_encoder(db: sqlite3.Connection, encoder: str) -> None:
    """Vectors of another encoder are worth nothing."""
    kept = db.execute("select value from setting where name = 'correction_encoder'").fetchone()
    if not kept or kept["value"] != f'"{encoder}"':
        db.execute("update correction set vector = null")
        db.execute(
            "insert or replace into setting (name, value) values ('correction_encoder', ?)", (f'"{encoder}"',)
        )


def version(db: sqlite3.Connection) -> int:
    """0 while nobody corrected anything."""
    row = db.execute("select value from setting where name = 'corrections_version'").fetchone()
    return int(row["value"]) if row else 0


def _changed(db: sqlite3.Connection) -> None:
    db.execute(
        "insert or replace into setting (name, value) values ('corrections_version', ?)",
        (str(version(db) + 1),),
    )


def reviewed(db: sqlite3.Connection, since: datetime) -> list[Reviewed]:
    """Turns that were corrected or confirmed, or whose draft a person approved; oldest first."""
    rows = db.execute(
        """
        select turn.triage, turn.created_at, correction.meant
        from turn left join correction on correction.turn_id = turn.id
        where turn.created_at >= ? and (correction.message_id is not null or exists (
            select 1 from reply where reply.turn_id = turn.id and reply.user_id is not null
            and reply.approved_at is not null
        ))
        order by turn.id
        """,
        (stamp(since),),
    ).fetchall()
    return to_records(rows, Reviewed)


def agreed(db: sqlite3.Connection, limit: int) -> list[Agreed]:
    """The newest messages whose draft a person approved without correcting how they were understood."""
    rows = db.execute(
        """
        select message.text, turn.triage from turn join message on message.id = turn.message_id
        where message.text != '' and not exists (select 1 from correction where turn_id = turn.id)
        and exists (
            select 1 from reply where reply.turn_id = turn.id and reply.user_id is not null
            and reply.approved_at is not null
        )
        order by turn.id desc limit ?
        """,
        (limit,),
    ).fetchall()
    return to_records(rows, Agreed)


def mix(db: sqlite3.Connection, since: datetime) -> list[Counted]:
    """How many turns a day had which intent and mood, and which own intent that there still is."""
    rows = db.execute(
        """
        select substr(turn.created_at, 1, 10) as day, json_extract(triage, '$.intent') as intent,
            json_extract(triage, '$.sentiment.label') as mood, intent.name as own, count(*) as count
        from turn left join intent on intent.id = json_extract(triage, '$.custom_intent.id')
        where turn.created_at >= ? group by 1, 2, 3, 4 order by 1
        """,
        (stamp(since),),
    ).fetchall()
    return to_records(rows, Counted)
