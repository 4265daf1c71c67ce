"""What must hold when the dust has settled, read from both sides' databases and from nothing else."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct

from socialai.store.db import connect

_OPEN = ("queued", "sending", "unknown")


class Findings(Struct):
    """`counts` are for reading; everything in `faults` is a broken promise."""

    counts: dict[str, int]
    faults: list[str]

    def __str__(self) -> str:
        lines = [f"{count:>8}  {what}" for what, count in self.counts.items()]
        return "\n".join([*lines, *(f"   FAULT  {fault}" for fault in self.faults or ["none"])])


def unsettled(tenant_db: Path) -> dict[str, int]:
    """What the hub still has to do."""
    with closing(connect(tenant_db, read_only=True)) as db:
        return {
            "events to process": _number(db, "select count(*) from event where state = 'received'"),
            "answers due": _number(db, "select count(*) from conversation where answer_due_at is not null"),
            "outbox open": _number(db, f"select count(*) from outbox where state in {_OPEN}"),
        }


def prove(tenant_db: Path, sandbox_db: Path) -> Findings:
    with (
        closing(connect(tenant_db, read_only=True)) as hub,
        closing(sqlite3.connect(f"file:{sandbox_db}?mode=ro", uri=True)) as platform,
    ):
        proof = _Proof(hub, platform)
        for check in (proof.events, proof.messages, proof.replies, proof.sent_once, proof.in_order):
            check()
        return Findings(proof.counts, proof.faults)


def integrity(files: list[Path]) -> list[str]:
    faults = []
    for path in files:
        with closing(connect(path)) as db:
            found = [row[0] for row in db.execute("pragma integrity_check")]
            found += [f"foreign key of {row[0]}" for row in db.execute("pragma foreign_key_check")]
        faults += [f"{path.name}: {each}" for each in found if each != "ok"]
    return faults


class _Proof:
    def __init__(self, hub: sqlite3.Connection, platform: sqlite3.Connection) -> None:
        self.counts: dict[str, int] = {}
        self.faults: list[str] = []
        self._hub = hub
        self._platform = platform

    def events(self) -> None:
        """Every delivery that got a 200 is kept, and everything kept came to an end."""
        accepted = {row[0] for row in self._platform.execute("select body from delivery where accepted = 1")}
        states = dict(self._rows("select body, state from event"))
        self._count("webhooks answered with 200", len(accepted))
        self._tally("events", states.values())
        self._must(not accepted - states.keys(), "accepted but not kept", len(accepted - states.keys()))
        waiting = [state for state in states.values() if state == "received"]
        self._must(not waiting, "events never processed", len(waiting))

    def messages(self) -> None:
        """Every message of a contact is kept once and something came of it."""
        written = {row[0] for row in self._platform.execute("select id from message where author = 'person'")}
        kept = Counter(
            row[0] for row in self._rows("select external_id from message where author = 'contact'")
        )
        self._count("messages people wrote", len(written))
        self._must(written == kept.keys(), "messages not kept", len(written ^ kept.keys()))
        self._must(set(kept.values()) <= {1}, "messages kept twice", len(kept) - len(written))
        fates = [_fate(row) for row in self._rows(_FATES)]
        self._tally("messages", fates)
        self._must("nothing" not in fates, "messages that nothing came of", fates.count("nothing"))

    def replies(self) -> None:
        """Nothing is stuck, and what is called sent is there."""
        states = [row[0] for row in self._rows("select state from outbox")]
        self._tally("outbox", states)
        stuck = [state for state in states if state in _OPEN]
        self._must(not stuck, "outbox items stuck", len(stuck))
        there = {row[0] for row in self._platform.execute("select id from message where author = 'app'")}
        sent = [row[0] for row in self._rows("select external_id from outbox where state = 'sent'")]
        self._must(set(sent) <= there, "sent but not on the platform", len(set(sent) - there))
        self._must(len(set(sent)) == len(sent), "two items with one id", len(sent) - len(set(sent)))
        lost = "select count(*) from reply where state = 'approved'"
        self._must(
            not _number(self._hub, lost), "replies neither sent nor given up", _number(self._hub, lost)
        )

    def sent_once(self) -> None:
        """The platform has each reply at most once, whatever the hub believes."""
        arrived = Counter(
            row[0] for row in self._platform.execute("select metadata from message where author = 'app'")
        )
        states = dict(self._rows("select key, state from outbox"))
        self._count("replies on the platform", sum(arrived.values()))
        twice = [key for key, times in arrived.items() if times > 1]
        self._must(not twice, "replies that arrived twice", len(twice))
        foreign = arrived.keys() - states.keys()
        self._must(not foreign, "replies nobody owed", len(foreign))
        unknown = [key for key in arrived if states.get(key) not in ("sent", None)]
        self._must(not unknown, "arrived, but not known to have", len(unknown))
        turns = Counter((row[0], row[1]) for row in self._rows(_TEXTS_OF_TURNS))
        again = [turn for turn, times in turns.items() if times > 1]
        self._must(not again, "turns answered twice with one text", len(again))

    def in_order(self) -> None:
        """In each conversation the replies arrived as they were written."""
        place = {row[0]: row[1] for row in self._platform.execute("select id, seq from message")}
        last: dict[int, int] = {}
        for conversation_id, external_id in self._rows(_SENT_IN_ORDER):
            seq = place.get(external_id, 0)
            self._must(seq > last.get(conversation_id, -1), f"out of order in {conversation_id}", seq)
            last[conversation_id] = seq

    def _rows(self, sql: str) -> list[Any]:
        return self._hub.execute(sql).fetchall()

    def _count(self, what: str, count: int) -> None:
        self.counts[what] = count

    def _tally(self, what: str, values: Any) -> None:
        for value, count in sorted(Counter(values).items()):
            self._count(f"{what}: {value}", count)

    def _must(self, holds: bool, what: str, count: int) -> None:
        if not holds:
            self.faults.append(f"{what}: {count}")


_FATES = """
    select message.answered_at, message.deleted_at, message.kind, conversation.owner_id,
        turn.outcome, reply.state as reply
    from message join conversation on conversation.id = message.conversation_id
    left join turn on turn.conversation_id = message.conversation_id and turn.created_at = message.answered_at
    left join reply on reply.turn_id = turn.id
    where message.author = 'contact'
"""
_TEXTS_OF_TURNS = """
    select reply.turn_id, outbox.text from outbox join reply on reply.id = outbox.reply_id
    where outbox.state = 'sent' and reply.turn_id is not null
"""
_SENT_IN_ORDER = """
    select conversation_id, external_id from outbox where state = 'sent' order by conversation_id, id
"""


def _fate(row: sqlite3.Row) -> str:
    if row["deleted_at"]:
        return "taken back"
    if row["outcome"] == "auto":
        return f"answered, {row['reply']}"
    if row["outcome"]:
        return str(row["outcome"])
    if row["kind"] == "sticker":
        return "a sticker"
    return "with a person" if row["owner_id"] is not None else "nothing"


def _number(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
