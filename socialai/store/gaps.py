"""What customers asked and nothing in the knowledge answered. `setting` says how far was looked through."""

import sqlite3
from datetime import datetime

import msgspec
from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.domain.gap import Gap, GapState, GapSummary, Unanswered
from socialai.domain.knowledge import UNANSWERED
from socialai.errors import NotFound
from socialai.store.records import as_json, to_record, to_records

MOST = 500
"""Gaps that a new question is compared with: those that were asked last."""
_EXAMPLES = 3

_SAID = """
    (select group_concat(text, char(10)) from (
        select text from message as said
        where said.conversation_id = turn.conversation_id and author = 'contact' and deleted_at is null
            and text != '' and (said.id = last.id or said.answered_at = last.answered_at)
        order by said.sent_at, said.id)) as text,
    last.sent_at as asked_at
"""
"""All that a turn answers: a burst was taken in at one moment."""


class Cursor(Struct, frozen=True):
    """The last turn and the last message of a user that were looked at, and the knowledge they met."""

    turn_id: int = 0
    message_id: int = 0
    knowledge: str = ""


class Known(Struct, frozen=True):
    id: int
    state: GapState
    vector: bytes


def cursor(db: sqlite3.Connection) -> Cursor:
    row = db.execute("select value from setting where name = 'gaps'").fetchone()
    return msgspec.json.decode(row["value"], type=Cursor) if row else Cursor()


def set_cursor(db: sqlite3.Connection, at: Cursor) -> None:
    db.execute("insert or replace into setting (name, value) values ('gaps', ?)", (as_json(at),))


def newest(db: sqlite3.Connection, knowledge: str) -> Cursor:
    """Where a look that begins now ends."""
    row = db.execute(
        """
        select (select coalesce(max(id), 0) from turn) as turn_id,
            (select coalesce(max(id), 0) from message) as message_id, ? as knowledge
        """,
        (knowledge,),
    ).fetchone()
    return to_record(row, Cursor)


def unanswered(db: sqlite3.Connection, after: Cursor, until: Cursor, limit: int) -> list[Unanswered]:
    """Turns that went to a person because nothing in the knowledge answers."""
    rows = db.execute(
        f"""
        select turn.id as turn_id, turn.conversation_id, 'unanswered' as why, {_SAID}
        from turn join message as last on last.id = turn.message_id
        where turn.id > ? and turn.id <= ? and outcome = 'escalated'
            and exists (select 1 from json_each(turn.reasons) where value = ?)
        order by turn.id desc limit ?
        """,
        (after.turn_id, until.turn_id, UNANSWERED, limit),
    ).fetchall()
    return [to_record(row, Unanswered) for row in rows[::-1] if row["text"]]


def answered_by_users(db: sqlite3.Connection, after: Cursor, until: Cursor, limit: int) -> list[Unanswered]:
    """Turns after which a person wrote something of their own, and nothing of the assistant's was sent."""
    rows = db.execute(
        f"""
        select turn.id as turn_id, turn.conversation_id, 'by a person' as why, {_SAID}
        from turn join message as last on last.id = turn.message_id
        where json_extract(turn.triage, '$.intent') != 'spam'
            and not exists (select 1 from reply where turn_id = turn.id and state in ('approved', 'sent'))
            and turn.id in (
                select (select max(id) from turn as before where created_at <= mine.created_at
                    and before.conversation_id = mine.conversation_id)
                from message as mine where mine.author = 'user' and mine.id > ? and mine.id <= ?)
        order by turn.id desc limit ?
        """,
        (after.message_id, until.message_id, limit),
    ).fetchall()
    return [to_record(row, Unanswered) for row in rows[::-1] if row["text"]]


def known(db: sqlite3.Connection) -> list[Known]:
    """With their vectors; those that were asked last."""
    rows = db.execute("select id, state, vector from gap order by id desc limit ?", (MOST,)).fetchall()
    return to_records(rows, Known)


def add(db: sqlite3.Connection, question: str, vector: bytes, now: datetime) -> int:
    row = db.execute(
        "insert into gap (question, vector, created_at) values (?, ?, ?) returning id",
        (question, vector, stamp(now)),
    ).fetchone()
    return int(row["id"])


def has_question(db: sqlite3.Connection, turn_id: int) -> bool:
    return db.execute("select 1 from gap_question where turn_id = ?", (turn_id,)).fetchone() is not None


def add_question(db: sqlite3.Connection, gap_id: int, asked: Unanswered) -> None:
    """What was answered and is asked again in vain is open again; what was dismissed stays so."""
    db.execute(
        """
        insert into gap_question (turn_id, gap_id, conversation_id, text, why, asked_at)
        values (?, ?, ?, ?, ?, ?)
        """,
        (asked.turn_id, gap_id, asked.conversation_id, asked.text, asked.why, stamp(asked.asked_at)),
    )
    db.execute(
        """
        update gap set state = 'open', closed_at = null
        where id = ? and state = 'answered' and closed_at <= ?
        """,
        (gap_id, stamp(asked.asked_at)),
    )


def get(db: sqlite3.Connection, gap_id: int) -> Gap:
    row = db.execute("select * from gap where id = ?", (gap_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no gap {gap_id}.")
    return to_record(row, Gap)


def gaps(
    db: sqlite3.Connection, state: GapState = "open", *, after: int = 0, limit: int = 50
) -> list[GapSummary]:
    """What was asked most often first, then what was asked last; `after` so many of them."""
    rows = db.execute(
        """
        select gap.*, count(*) as asked, max(asked_at) as newest_at, sum(why = 'by a person') as by_a_person
        from gap join gap_question on gap_id = gap.id
        where state = ? group by gap.id order by asked desc, newest_at desc, gap.id limit ? offset ?
        """,
        (state, limit, after),
    ).fetchall()
    return [
        GapSummary(
            to_record(row, Gap),
            row["asked"],
            datetime.fromisoformat(row["newest_at"]),
            row["by_a_person"],
            questions(db, row["id"], _EXAMPLES),
        )
        for row in rows
    ]


def questions(db: sqlite3.Connection, gap_id: int, limit: int) -> tuple[Unanswered, ...]:
    """Newest first, each wording once."""
    rows = db.execute(
        """
        select max(turn_id) as turn_id, conversation_id, text, why, max(asked_at) as asked_at
        from gap_question where gap_id = ? group by text order by asked_at desc limit ?
        """,
        (gap_id, limit),
    ).fetchall()
    return tuple(to_records(rows, Unanswered))


def counts(db: sqlite3.Connection) -> dict[GapState, int]:
    rows = db.execute("select state, count(*) as number from gap group by state").fetchall()
    none: dict[GapState, int] = {"open": 0, "answered": 0, "dismissed": 0}
    return none | {row["state"]: row["number"] for row in rows}


def open_questions(db: sqlite3.Connection, limit: int) -> list[Gap]:
    """Those that may have been answered meanwhile: with an article of their own first."""
    rows = db.execute(
        "select * from gap where state = 'open' order by article_id is null, id desc limit ?", (limit,)
    ).fetchall()
    return to_records(rows, Gap)


def set_state(db: sqlite3.Connection, gap_id: int, state: GapState, now: datetime) -> Gap:
    get(db, gap_id)
    row = db.execute(
        "update gap set state = ?, closed_at = ? where id = ? returning *",
        (state, None if state == "open" else stamp(now), gap_id),
    ).fetchone()
    return to_record(row, Gap)


def set_article(db: sqlite3.Connection, gap_id: int, article_id: int) -> None:
    get(db, gap_id)
    db.execute("update gap set article_id = ? where id = ?", (article_id, gap_id))


def has_article(db: sqlite3.Connection, article_id: int) -> bool:
    """Whether an article was written to close a gap that is open."""
    row = db.execute("select 1 from gap where article_id = ? and state = 'open'", (article_id,)).fetchone()
    return row is not None
