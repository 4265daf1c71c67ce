"""What contacts told of themselves, or people wrote down of them."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.memory import MOST_DETAILS, Detail, DetailKind, Told
from socialai.errors import Conflict, NotFound
from socialai.store.records import to_record, to_records

_ALL = "detail.*, (select conversation_id from message where id = message_id) as conversation_id"


def learn(
    db: sqlite3.Connection, contact_id: int, told: Iterable[Told], message_id: int, now: datetime
) -> None:
    """What they tell now counts; the name that a person wrote down stays. Of too many the oldest go."""
    for one in told:
        if one.kind == "name":
            db.execute(
                "delete from detail where contact_id = ? and kind = 'name' and user_id is null", (contact_id,)
            )
            if db.execute(
                "select 1 from detail where contact_id = ? and kind = 'name'", (contact_id,)
            ).fetchone():
                continue
        db.execute(
            """
            insert into detail (contact_id, kind, value, message_id, created_at) values (?, ?, ?, ?, ?)
            on conflict (contact_id, kind, value) do nothing
            """,
            (contact_id, one.kind, one.value, message_id, stamp(now)),
        )
    db.execute(
        """
        delete from detail where contact_id = ?1 and user_id is null and id not in
            (select id from detail where contact_id = ?1 order by user_id is null, id desc limit ?2)
        """,
        (contact_id, MOST_DETAILS),
    )


def add(
    db: sqlite3.Connection, contact_id: int, kind: DetailKind, value: str, user_id: int, now: datetime
) -> Detail:
    """A person writes it down. Conflict when it is known, or there are too many."""
    known = details(db, contact_id)
    if len(known) >= MOST_DETAILS:
        raise Conflict(f"{MOST_DETAILS} things are remembered of this contact already. Forget one first.")
    _refuse_known(db, contact_id, kind, value)
    row = db.execute(
        """
        insert into detail (contact_id, kind, value, user_id, created_at) values (?, ?, ?, ?, ?) returning id
        """,
        (contact_id, kind, value, user_id, stamp(now)),
    ).fetchone()
    return get(db, row["id"])


def change(db: sqlite3.Connection, detail_id: int, value: str, user_id: int) -> Detail:
    """It is what the person says now; where it came from stays."""
    before = get(db, detail_id)
    if value != before.value:
        _refuse_known(db, before.contact_id, before.kind, value)
    db.execute("update detail set value = ?, user_id = ? where id = ?", (value, user_id, detail_id))
    return get(db, detail_id)


def delete(db: sqlite3.Connection, detail_id: int) -> Detail:
    before = get(db, detail_id)
    db.execute("delete from detail where id = ?", (detail_id,))
    return before


def forget_message(db: sqlite3.Connection, message_id: int) -> None:
    """It was taken back or says something else now. What a person made of it stays theirs."""
    db.execute("delete from detail where message_id = ? and user_id is null", (message_id,))


def forget_all(db: sqlite3.Connection, contact_id: int) -> None:
    db.execute("delete from detail where contact_id = ?", (contact_id,))


def get(db: sqlite3.Connection, detail_id: int) -> Detail:
    row = db.execute(f"select {_ALL} from detail where id = ?", (detail_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is nothing remembered as {detail_id}.")
    return to_record(row, Detail)


def details(db: sqlite3.Connection, contact_id: int) -> list[Detail]:
    rows = db.execute(f"select {_ALL} from detail where contact_id = ? order by kind, id", (contact_id,))
    return to_records(rows.fetchall(), Detail)


def _refuse_known(db: sqlite3.Connection, contact_id: int, kind: DetailKind, value: str) -> None:
    known = "select 1 from detail where contact_id = ? and kind = ? and value = ?"
    if db.execute(known, (contact_id, kind, value)).fetchone():
        raise Conflict("This is remembered already.")
