"""What language models wrote and what it cost; and what was written before for the same question."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from socialai.domain.clock import stamp
from socialai.domain.cost import Use
from socialai.domain.spending import Prices, TierCost, Writing
from socialai.store.records import as_json, to_record, to_records

_KEPT = timedelta(days=400)
_MOST_ANSWERS = 2000


def add(db: sqlite3.Connection, writing: Writing) -> int:
    """What is older than 400 days goes."""
    db.execute("delete from writing where at < ?", (stamp(writing.at - _KEPT),))
    row = db.execute(
        """
        insert into writing (at, turn_id, purpose, engine, place, tokens_in, tokens_out, ms, dollars)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
        """,
        (
            stamp(writing.at), writing.turn_id, writing.purpose, writing.engine, writing.place,
            writing.tokens_in, writing.tokens_out, writing.ms, writing.dollars,
        ),
    ).fetchone()  # fmt: skip
    return int(row["id"])


def belong_to(db: sqlite3.Connection, ids: Sequence[int], turn_id: int) -> None:
    db.execute(
        "update writing set turn_id = ? where id in (select value from json_each(?))", (turn_id, as_json(ids))
    )


def of_turn(db: sqlite3.Connection, turn_id: int) -> list[Writing]:
    rows = db.execute("select * from writing where turn_id = ? order by id", (turn_id,)).fetchall()
    return to_records(rows, Writing)


def by_tier(db: sqlite3.Connection, since: datetime) -> list[TierCost]:
    """The messages that were decided, most first."""
    rows = db.execute(
        """
        select tier, count(*) as messages, sum(spent.ms) as ms, sum(tokens_in) as tokens_in,
            sum(tokens_out) as tokens_out, sum(dollars) as dollars
        from (
            select tier,
                (select coalesce(sum(value), 0.0) from json_each(stage_ms)) as ms,
                (select coalesce(sum(tokens_in), 0) from writing where turn_id = turn.id) as tokens_in,
                (select coalesce(sum(tokens_out), 0) from writing where turn_id = turn.id) as tokens_out,
                (select coalesce(sum(dollars), 0.0) from writing where turn_id = turn.id) as dollars
            from turn where created_at >= ?
        ) as spent
        group by tier order by messages desc
        """,
        (stamp(since),),
    ).fetchall()
    return to_records(rows, TierCost)


def use(db: sqlite3.Connection, since: datetime) -> Use:
    """The messages that were decided, and all that language models wrote."""
    row = db.execute(
        """
        select (select count(*) from turn where created_at >= ?1) as messages,
            count(*) filter (where place = 'outside') as calls,
            coalesce(sum(tokens_in) filter (where place = 'outside'), 0) as tokens_in,
            coalesce(sum(tokens_out) filter (where place = 'outside'), 0) as tokens_out,
            count(*) filter (where place = 'here') as here,
            coalesce(sum(tokens_in) filter (where place = 'here'), 0) as here_in,
            coalesce(sum(tokens_out) filter (where place = 'here'), 0) as here_out,
            coalesce(sum(ms) filter (where place = 'here'), 0.0) as here_ms,
            count(*) filter (where place = 'kept') as kept,
            coalesce(sum(dollars), 0.0) as dollars
        from writing where at >= ?1 and purpose != 'test'
        """,
        (stamp(since),),
    ).fetchone()
    return to_record(row, Use)


def find_answer(db: sqlite3.Connection, digest: bytes) -> str | None:
    row = db.execute("select answer from kept_answer where digest = ?", (digest,)).fetchone()
    return row and str(row["answer"])


def keep_answer(db: sqlite3.Connection, digest: bytes, knowledge: str, answer: str, now: datetime) -> None:
    """Those of an earlier knowledge go, and of too many the oldest."""
    db.execute("delete from kept_answer where knowledge != ?", (knowledge,))
    db.execute(
        """
        delete from kept_answer where digest in
            (select digest from kept_answer order by at desc limit -1 offset ?)
        """,
        (_MOST_ANSWERS - 1,),
    )
    db.execute(
        "insert or replace into kept_answer (digest, knowledge, answer, at) values (?, ?, ?, ?)",
        (digest, knowledge, answer, stamp(now)),
    )


def prices(db: sqlite3.Connection) -> Prices:
    row = db.execute("select value from setting where name = 'prices'").fetchone()
    return msgspec.json.decode(row["value"], type=Prices) if row else Prices()


def put_prices(db: sqlite3.Connection, prices: Prices) -> None:
    db.execute("insert or replace into setting (name, value) values ('prices', ?)", (as_json(prices),))
