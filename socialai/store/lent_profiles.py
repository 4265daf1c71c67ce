"""Who people are, as a platform lends it to us: kept beside what we know, and forgotten in time."""

import json
import sqlite3
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.happening import Profile
from socialai.store.records import as_json

_NAME = "name"


def lend(db: sqlite3.Connection, contact_id: int, profile: Profile, until: datetime) -> None:
    """What is known from elsewhere stays as it is, so that only what was lent has to be forgotten."""
    row = db.execute("select name, profile, lent from contact where id = ?", (contact_id,)).fetchone()
    lent, known = set(json.loads(row["lent"] or "[]")), json.loads(row["profile"])
    name = row["name"]
    if profile.name and (name is None or _NAME in lent):
        name = profile.name
        lent.add(_NAME)
    for field, value in profile.fields.items():
        if field not in known or _of(field) in lent:
            known[field] = value
            lent.add(_of(field))
    db.execute(
        """
        update contact set name = ?, profile = ?, lent = ?, lent_until = ?, profile_due_at = null where id = ?
        """,
        (name, as_json(known), as_json(sorted(lent)), stamp(until), contact_id),
    )


def told(db: sqlite3.Connection, contact_id: int, name: str | None, fields: dict[str, str]) -> None:
    """Somebody told this for good: it is lent no longer."""
    db.execute(
        """
        update contact set lent = (
            select json_group_array(value) from json_each(lent)
            where value not in (select value from json_each(?))
        )
        where id = ? and lent is not null
        """,
        (as_json([*([_NAME] if name else []), *map(_of, fields)]), contact_id),
    )


def forget(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    """What had to be given back by now; the conversations of the contacts that are touched."""
    rows = db.execute(
        "select id from contact where lent_until <= ? order by lent_until limit ?", (stamp(now), limit)
    ).fetchall()
    for row in rows:
        give_back(db, row["id"])
    found = db.execute(
        "select id from conversation where contact_id in (select value from json_each(?)) order by id",
        (as_json([row["id"] for row in rows]),),
    )
    return [int(row["id"]) for row in found]


def give_back(db: sqlite3.Connection, contact_id: int) -> bool:
    """False: nothing was lent."""
    row = db.execute("select name, profile, lent from contact where id = ?", (contact_id,)).fetchone()
    lent = set(json.loads(row["lent"] or "[]"))
    kept = {field: value for field, value in json.loads(row["profile"]).items() if _of(field) not in lent}
    db.execute(
        """
        update contact set name = ?, profile = ?, lent = iif(lent is null, null, '[]'), lent_until = null
        where id = ?
        """,
        (None if _NAME in lent else row["name"], as_json(kept), contact_id),
    )
    return bool(lent)


def ask_again(db: sqlite3.Connection, contact_id: int, now: datetime) -> bool:
    """Whoever was forgotten and writes again is asked for again; False: they are known, or never were."""
    asked = db.execute(
        """
        update contact set profile_due_at = ?
        where id = ? and lent is not null and lent_until is null and profile_due_at is null
        """,
        (stamp(now), contact_id),
    )
    return asked.rowcount > 0


def _of(field: str) -> str:
    return f"profile/{field}"
