"""Contacts that are one person: found, joined, parted again."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from socialai.domain.clock import stamp
from socialai.domain.person import Identity, Merge
from socialai.errors import Conflict, NotFound
from socialai.store import contacts, lent_profiles
from socialai.store.records import as_json, to_records

Row = dict[str, Any]


class _Gone(Struct, frozen=True):
    """What a joined contact was and had: enough to make it again."""

    contact: Row
    lead: Row | None
    identities: list[int]
    conversations: list[int]
    details: list[int]
    survivor: Row


def identities(db: sqlite3.Connection, contact_ids: Sequence[int]) -> list[Identity]:
    rows = db.execute(
        """
        select identity.id, channel_id, platform, channel.name as channel_name, identity.external_id
        from identity join channel on channel.id = channel_id
        where contact_id in (select value from json_each(?)) order by identity.id
        """,
        (as_json(contact_ids),),
    ).fetchall()
    return to_records(rows, Identity)


def alike(db: sqlite3.Connection, limit: int) -> list[tuple[int, int, str]]:
    """(older contact, newer one, why) of those who may be one person and were not told apart."""
    rows = db.execute(
        """
        with said as (
            select id, lower(email) as value, 'the same e-mail address' as why from contact where email is
            not null
            union all select id, phone, 'the same phone number' from contact where phone is not null
            union all select id, lower(json_extract(profile, '$.username')), 'the same user name'
                from contact where json_extract(profile, '$.username') is not null
            union all select id, lower(name), 'the same name, on another platform'
                from contact where name like '% %'
        )
        select one.id as one_id, other.id as other_id, min(one.why) as why
        from said as one join said as other on one.value = other.value and one.why = other.why and one.id <
        other.id
        where not exists (select 1 from contact_apart where one_id = one.id and other_id = other.id)
        and not exists (
            select 1 from identity as here join identity as there on here.channel_id = there.channel_id
            where here.contact_id = one.id and there.contact_id = other.id)
        group by one.id, other.id order by other.id desc limit ?
        """,
        (limit,),
    ).fetchall()
    return [(row["one_id"], row["other_id"], row["why"]) for row in rows]


def keep_apart(db: sqlite3.Connection, one_id: int, other_id: int) -> None:
    """A person says that they are two."""
    db.execute(
        "insert or ignore into contact_apart (one_id, other_id) values (?, ?)", sorted((one_id, other_id))
    )


def join(db: sqlite3.Connection, survivor_id: int, gone_id: int, user_id: int, now: datetime) -> int:
    """All that belongs to one belongs to the other; what a platform only lent is asked for again. Conflict
    when both write on one channel."""
    if survivor_id == gone_id:
        raise Conflict("This is one contact already.")
    _refuse_same_channel(db, survivor_id, gone_id)
    lent = [lent_profiles.give_back(db, contact_id) for contact_id in (survivor_id, gone_id)]
    survivor, gone = _contact(db, survivor_id), _contact(db, gone_id)
    lead = db.execute("select * from lead where contact_id = ?", (gone_id,)).fetchone()
    kept = _Gone(
        contact=gone,
        lead=dict(lead) if lead else None,
        identities=_ids(db, "identity", gone_id),
        conversations=_ids(db, "conversation", gone_id),
        details=_ids(db, "detail", gone_id),
        survivor=survivor,
    )
    _move(db, kept, survivor_id)
    db.execute("update or ignore lead set contact_id = ? where contact_id = ?", (survivor_id, gone_id))
    db.execute(
        """
        update contact set name = coalesce(name, ?2), email = coalesce(email, ?3), phone = coalesce(phone,
        ?4),     profile = json_patch(?5, profile)
        where id = ?1
        """,
        (survivor_id, gone["name"], gone["email"], gone["phone"], gone["profile"]),
    )
    db.execute("delete from contact where id = ?", (gone_id,))
    if any(lent):
        contacts.postpone_profile(db, survivor_id, now)
    row = db.execute(
        "insert into contact_merge (survivor_id, gone, user_id, merged_at) values (?, ?, ?, ?) returning id",
        (survivor_id, as_json(kept), user_id, stamp(now)),
    ).fetchone()
    return int(row["id"])


def part(db: sqlite3.Connection, merge_id: int, now: datetime) -> int:
    """As they were before, each with what was theirs; the contact that is back. Conflict when it was done."""
    row = db.execute("select * from contact_merge where id = ?", (merge_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no merge {merge_id}.")
    if row["undone_at"]:
        raise Conflict("These two were parted again already.")
    kept = msgspec.json.decode(row["gone"], type=_Gone)
    _insert(db, "contact", kept.contact)
    _move(db, kept, kept.contact["id"])
    if kept.lead:
        db.execute("delete from lead where contact_id = ? and conversation_id = ?", _lead_of(row, kept))
        _insert(db, "lead", kept.lead)
    names = ("name", "email", "phone", "profile")
    db.execute(
        "update contact set name = ?, email = ?, phone = ?, profile = ? where id = ?",
        (*(kept.survivor[name] for name in names), row["survivor_id"]),
    )
    db.execute("update contact_merge set undone_at = ? where id = ?", (stamp(now), merge_id))
    keep_apart(db, row["survivor_id"], kept.contact["id"])
    return int(kept.contact["id"])


def of_contact(db: sqlite3.Connection, contact_id: int) -> list[Merge]:
    """Those that can be undone, newest first."""
    rows = db.execute(
        """
        select id, survivor_id, json_extract(gone, '$.contact.id') as gone_id,
            coalesce(json_extract(gone, '$.contact.name'), '') as gone_name, user_id, merged_at
        from contact_merge where survivor_id = ? and undone_at is null order by id desc
        """,
        (contact_id,),
    ).fetchall()
    return to_records(rows, Merge)


def _lead_of(row: sqlite3.Row, kept: _Gone) -> tuple[int, int]:
    assert kept.lead, "asked only where there was one"
    return row["survivor_id"], kept.lead["conversation_id"]


def _contact(db: sqlite3.Connection, contact_id: int) -> Row:
    row = db.execute("select * from contact where id = ?", (contact_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no contact {contact_id}.")
    return dict(row)


def _refuse_same_channel(db: sqlite3.Connection, one_id: int, other_id: int) -> None:
    row = db.execute(
        """
        select channel.name from identity as one join identity as other using (channel_id)
        join channel on channel.id = one.channel_id where one.contact_id = ? and other.contact_id = ?
        """,
        (one_id, other_id),
    ).fetchone()
    if row:
        raise Conflict(f"Both write on {row['name']}, where they are two accounts. They stay two contacts.")


def _ids(db: sqlite3.Connection, table: str, contact_id: int) -> list[int]:
    rows = db.execute(f"select id from {table} where contact_id = ?", (contact_id,))
    return [int(row["id"]) for row in rows.fetchall()]


def _move(db: sqlite3.Connection, kept: _Gone, contact_id: int) -> None:
    moved = (("identity", kept.identities), ("conversation", kept.conversations), ("detail", kept.details))
    for table, ids in moved:
        db.execute(
            f"update or ignore {table} set contact_id = ? where id in (select value from json_each(?))",
            (contact_id, as_json(ids)),
        )


def _insert(db: sqlite3.Connection, table: str, row: Row) -> None:
    marks = ", ".join("?" * len(row))
    db.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", tuple(row.values()))
