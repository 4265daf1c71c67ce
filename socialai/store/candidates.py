"""Questions and people's answers that could become articles. `setting` says how far was looked through."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.candidate import Candidate, CandidateState, Exchange
from socialai.domain.clock import stamp
from socialai.errors import Conflict, NotFound
from socialai.store.records import as_json, to_record, to_records


def has_news(db: sqlite3.Connection) -> bool:
    return bool(resolved(db, 1))


def resolved(db: sqlite3.Connection, limit: int) -> list[tuple[int, int]]:
    """Conversations that a person resolved since the last look, each with the id up to which to look next."""
    rows = db.execute(
        """
        select conversation_id, max(id) as until from activity
        where kind = 'resolved'
            and id > coalesce((select cast(value as integer) from setting where name = 'mined'), 0)
        group by conversation_id order by until limit ?
        """,
        (limit,),
    )
    return [(row["conversation_id"], row["until"]) for row in rows]


def looked_until(db: sqlite3.Connection, activity_id: int) -> None:
    db.execute("insert or replace into setting (name, value) values ('mined', ?)", (str(activity_id),))


def mined_until(db: sqlite3.Connection, conversation_id: int) -> int:
    """The last message of a conversation that was looked at."""
    row = db.execute("select message_id from mined where conversation_id = ?", (conversation_id,)).fetchone()
    return int(row["message_id"]) if row else 0


def add(
    db: sqlite3.Connection,
    conversation_id: int,
    found: Sequence[Exchange],
    until: int,
    now: datetime,
) -> None:
    for one in found:
        db.execute(
            """
            insert into faq_candidate (message_id, conversation_id, question, answer, removed, created_at)
            values (?, ?, ?, ?, ?, ?) on conflict (message_id) do nothing
            """,
            (one.message_id, conversation_id, one.question, one.answer, as_json(one.removed), stamp(now)),
        )
    db.execute(
        "insert or replace into mined (conversation_id, message_id) values (?, ?)", (conversation_id, until)
    )


def get(db: sqlite3.Connection, candidate_id: int) -> Candidate:
    row = db.execute("select * from faq_candidate where id = ?", (candidate_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no suggestion {candidate_id}.")
    return to_record(row, Candidate)


def candidates(
    db: sqlite3.Connection,
    state: CandidateState = "waiting",
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[Candidate]:
    """Newest first."""
    rows = db.execute(
        """
        select * from faq_candidate where state = ?1 and (?2 is null or id < ?2) order by id desc limit ?3
        """,
        (state, before, limit),
    ).fetchall()
    return to_records(rows, Candidate)


def count(db: sqlite3.Connection) -> int:
    """Of those that wait for a person."""
    return int(db.execute("select count(*) from faq_candidate where state = 'waiting'").fetchone()[0])


def decide(
    db: sqlite3.Connection,
    candidate_id: int,
    state: CandidateState,
    user_id: int,
    now: datetime,
    article_id: int | None = None,
) -> Candidate:
    row = db.execute(
        """
        update faq_candidate set state = ?, user_id = ?, decided_at = ?, article_id = ?
        where id = ? and state = 'waiting' returning *
        """,
        (state, user_id, stamp(now), article_id, candidate_id),
    ).fetchone()
    if row is None:
        raise Conflict(f"This suggestion is {get(db, candidate_id).state} by now.")
    return to_record(row, Candidate)
