"""A tenant's own intents and their examples. Every change that is to be learnt moves `version` on."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.domain.custom_intent import CustomIntent, Handling, IntentExample
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.store.records import to_record, to_records

MAX_INTENTS = 300
MAX_EXAMPLES = 20_000
MAX_NAME = 60
MAX_TEXT = 1000

_SELECT = """
    select intent.*, (select count(*) from intent_example where intent_id = intent.id) as examples from intent
"""


class StoredExample(Struct, frozen=True):
    """`vector` is None until it is encoded."""

    id: int
    intent_id: int | None
    text: str
    vector: bytes | None


def add(db: sqlite3.Connection, name: str, handling: Handling, now: datetime) -> CustomIntent:
    """Conflict when there is one of that name."""
    name = _checked_name(name)
    if db.execute("select count(*) from intent").fetchone()[0] >= MAX_INTENTS:
        raise InvalidInput(f"There can be at most {MAX_INTENTS} intents of your own.")
    if find_named(db, name):
        raise Conflict(f'There is an intent "{name}" already.')
    row = db.execute(
        "insert into intent (name, handling, created_at, updated_at) values (?1, ?2, ?3, ?3) returning id",
        (name, handling, stamp(now)),
    ).fetchone()
    _changed(db)
    return get(db, row["id"])


def update(
    db: sqlite3.Connection, intent_id: int, name: str, handling: Handling, now: datetime
) -> CustomIntent:
    name = _checked_name(name)
    before, named = get(db, intent_id), find_named(db, name)
    if named and named.id != intent_id:
        raise Conflict(f'There is an intent "{name}" already.')
    db.execute(
        "update intent set name = ?, handling = ?, updated_at = ? where id = ?",
        (name, handling, stamp(now), intent_id),
    )
    if name != before.name:  # the name is learnt from too
        _changed(db)
    return get(db, intent_id)


def delete(db: sqlite3.Connection, intent_id: int) -> None:
    get(db, intent_id)
    db.execute("delete from intent where id = ?", (intent_id,))
    _changed(db)


def get(db: sqlite3.Connection, intent_id: int) -> CustomIntent:
    intent = find(db, intent_id)
    if intent is None:
        raise NotFound(f"There is no intent {intent_id}.")
    return intent


def find(db: sqlite3.Connection, intent_id: int) -> CustomIntent | None:
    row = db.execute(f"{_SELECT} where id = ?", (intent_id,)).fetchone()
    return row and to_record(row, CustomIntent)


def find_named(db: sqlite3.Connection, name: str) -> CustomIntent | None:
    row = db.execute(f"{_SELECT} where lower(name) = lower(?)", (name,)).fetchone()
    return row and to_record(row, CustomIntent)


def intents(db: sqlite3.Connection) -> list[CustomIntent]:
    """By name."""
    return to_records(db.execute(f"{_SELECT} order by lower(name)").fetchall(), CustomIntent)


def add_examples(
    db: sqlite3.Connection,
    intent_id: int | None,
    texts: Sequence[str],
    now: datetime,
    message_id: int | None = None,
) -> int:
    """How many are new; None: of what belongs to no intent. Conflict for a text that another intent has."""
    if intent_id is not None:
        get(db, intent_id)
    added = 0
    for text in map(_checked_text, texts):
        added += _add_example(db, intent_id, text, now, message_id)
    if added:
        _changed(db)
    if db.execute("select count(*) from intent_example").fetchone()[0] > MAX_EXAMPLES:
        raise InvalidInput(f"There can be at most {MAX_EXAMPLES:,} examples.")
    return added


def examples(
    db: sqlite3.Connection, intent_id: int | None, *, after: int | None = None, limit: int = 1000
) -> list[IntentExample]:
    """Oldest first, after the id of the last one seen."""
    rows = db.execute(
        "select * from intent_example where intent_id is ? and id > ? order by id limit ?",
        (intent_id, after or 0, limit),
    ).fetchall()
    return to_records(rows, IntentExample)


def remove_example(db: sqlite3.Connection, intent_id: int, example_id: int) -> None:
    removed = db.execute(
        "delete from intent_example where id = ? and intent_id = ?", (example_id, intent_id)
    ).rowcount
    if not removed:
        raise NotFound(f"There is no example {example_id} of intent {intent_id}.")
    _changed(db)


def forget_message(db: sqlite3.Connection, message_id: int) -> None:
    """It is no example of anything any more."""
    if db.execute("delete from intent_example where message_id = ?", (message_id,)).rowcount:
        _changed(db)


def by_conversation(db: sqlite3.Connection, conversation_id: int) -> dict[int, int | None]:
    """Which of the tenant's own intents a person said each message is; None: of none."""
    rows = db.execute(
        """
        select message.id, intent_id from intent_example join message on message.id = message_id
        where conversation_id = ?
        """,
        (conversation_id,),
    )
    return {int(row["id"]): row["intent_id"] for row in rows}


def all_examples(db: sqlite3.Connection) -> list[StoredExample]:
    """In the order they were added."""
    rows = db.execute("select id, intent_id, text, vector from intent_example order by id").fetchall()
    return to_records(rows, StoredExample)


def use_encoder(db: sqlite3.Connection, encoder: str) -> None:
    """Vectors of another encoder are worth nothing."""
    kept = db.execute("select value from setting where name = 'intent_encoder'").fetchone()
    if not kept or kept["value"] != f'"{encoder}"':
        db.execute("update intent_example set vector = null")
        db.execute(
            "insert or replace into setting (name, value) values ('intent_encoder', ?)", (f'"{encoder}"',)
        )


def set_vectors(db: sqlite3.Connection, vectors: Sequence[tuple[int, bytes]]) -> None:
    """(example id, its vector of float32) each."""
    db.executemany("update intent_example set vector = ?2 where id = ?1", vectors)


def version(db: sqlite3.Connection) -> int:
    """0 while nothing was ever taught."""
    row = db.execute("select value from setting where name = 'intents_version'").fetchone()
    return int(row["value"]) if row else 0


def _changed(db: sqlite3.Connection) -> None:
    db.execute(
        "insert or replace into setting (name, value) values ('intents_version', ?)", (str(version(db) + 1),)
    )


def _add_example(
    db: sqlite3.Connection, intent_id: int | None, text: str, now: datetime, message_id: int | None
) -> int:
    there = db.execute("select intent_id from intent_example where text = ?", (text,)).fetchone()
    if there and there["intent_id"] != intent_id:
        raise Conflict(f'Another intent has this example already: "{text[:80]}"')
    if there:
        return 0
    db.execute(
        "insert into intent_example (intent_id, message_id, text, created_at) values (?, ?, ?, ?)",
        (intent_id, message_id, text, stamp(now)),
    )
    return 1


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInput(f"An intent's name has 1 to {MAX_NAME} printable characters.")
    return name


def _checked_text(text: str) -> str:
    text = text.strip()
    if not text or len(text) > MAX_TEXT:
        raise InvalidInput(f"An example has 1 to {MAX_TEXT} characters.")
    if not text.encode("utf-8", "replace").decode() == text:
        raise InvalidInput("An example holds half a character. Copy it again.")
    return text
