"""People who write, and who they are on each channel."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.conversation import Contact
from socialai.errors import NotFound
from socialai.store import lent_profiles
from socialai.store.records import as_json, to_record, to_records


def ensure(
    db: sqlite3.Connection, channel_id: int, external_id: str, now: datetime, also: Sequence[str] = ()
) -> int:
    """The contact's id, new when this channel never saw them by this name or one of `also`; their profile is
    then due. Whoever is known by one of the names is known by all of them from now on.
    """
    names = (external_id, *also)
    contact_id = find(db, channel_id, names)
    if contact_id is None:
        row = db.execute(
            "insert into contact (profile_due_at, created_at) values (?1, ?1) returning id", (stamp(now),)
        ).fetchone()
        contact_id = int(row["id"])
    elif not also:
        return contact_id
    db.executemany(
        """
        insert into identity (contact_id, channel_id, external_id) values (?, ?, ?)
        on conflict (channel_id, external_id) do nothing
        """,
        [(contact_id, channel_id, name) for name in names],
    )
    return contact_id


def find(db: sqlite3.Connection, channel_id: int, names: Sequence[str]) -> int | None:
    """Who has the first of these names that anybody has."""
    for name in names:
        row = db.execute(
            "select contact_id from identity where channel_id = ? and external_id = ?", (channel_id, name)
        ).fetchone()
        if row:
            return int(row["contact_id"])
    return None


def move(db: sqlite3.Connection, channel_id: int, old: str, new: str) -> bool:
    """The platform calls them by another name from now on; False: somebody else has that name here."""
    moved = db.execute(
        "update or ignore identity set external_id = ?3 where channel_id = ?1 and external_id = ?2",
        (channel_id, old, new),
    )
    return moved.rowcount > 0


def get(db: sqlite3.Connection, contact_id: int) -> Contact:
    row = db.execute("select * from contact where id = ?", (contact_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no contact {contact_id}.")
    return to_record(row, Contact)


def names(db: sqlite3.Connection, contact_id: int, channel_id: int) -> list[str]:
    """Who the contact is on this channel; the id by which they became known comes first."""
    rows = db.execute(
        "select external_id from identity where contact_id = ? and channel_id = ? order by id",
        (contact_id, channel_id),
    ).fetchall()
    if not rows:
        raise NotFound(f"Contact {contact_id} never wrote on channel {channel_id}.")
    return [str(row["external_id"]) for row in rows]


def search(db: sqlite3.Connection, words: str, limit: int) -> list[Contact]:
    """Newest first, whose name, address, number or user name holds `words`."""
    rows = db.execute(
        """
        select * from contact where ?1 = '' or instr(lower(concat_ws(char(10), name, email, phone,
            json_extract(profile, '$.username'))), ?1)
        order by id desc limit ?2
        """,
        (words.lower(), limit),
    ).fetchall()
    return to_records(rows, Contact)


def learn(db: sqlite3.Connection, contact_id: int, *, email: str | None, phone: str | None) -> None:
    """Keep what they wrote of themselves; what is known already stays."""
    db.execute(
        "update contact set email = coalesce(email, ?), phone = coalesce(phone, ?) where id = ?",
        (email, phone, contact_id),
    )


def forget(db: sqlite3.Connection, contact_id: int, now: datetime) -> None:
    """What they wrote of themselves goes, and what was said until now is remembered no longer."""
    db.execute(
        "update contact set email = null, phone = null, forgotten_at = ? where id = ?",
        (stamp(now), contact_id),
    )


def set_profile(db: sqlite3.Connection, contact_id: int, name: str | None, profile: dict[str, str]) -> None:
    """What the platform tells of them; what it does not tell this time stays."""
    db.execute(
        """
        update contact set name = coalesce(?, name), profile = json_patch(profile, ?), profile_due_at = null
        where id = ?
        """,
        (name, as_json(profile), contact_id),
    )
    lent_profiles.told(db, contact_id, name, profile)


def postpone_profile(db: sqlite3.Connection, contact_id: int, until: datetime | None) -> None:
    """None: the platform will not tell; do not ask again."""
    db.execute("update contact set profile_due_at = ? where id = ?", (until and stamp(until), contact_id))


def profile_due(db: sqlite3.Connection, contact_id: int, now: datetime) -> tuple[int, str] | None:
    """(channel, the contact's id there) to ask, when their profile is due."""
    row = db.execute(
        """
        select channel_id, external_id from identity join contact on contact.id = contact_id
        where contact_id = ? and profile_due_at <= ? limit 1
        """,
        (contact_id, stamp(now)),
    ).fetchone()
    return row and (int(row["channel_id"]), str(row["external_id"]))


def profiles_due(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    rows = db.execute(
        "select id from contact where profile_due_at <= ? order by profile_due_at limit ?",
        (stamp(now), limit),
    )
    return [int(row["id"]) for row in rows]
