"""What the waiting draft rests on: each of its sentences, and the sentence of the knowledge beside it."""

import sqlite3

from msgspec import Struct

from socialai.domain.reply import Reply
from socialai.domain.support import Checked
from socialai.store import turns

_WRONG = {
    "number": "the number {}",
    "day": "{}",
    "name": "the name {}",
    "link": "the address {}",
    "negation": "it says the opposite",
}


class Said(Struct, frozen=True):
    """`wrong` is what the knowledge does not say, in plain words; '' when it says all of it."""

    checked: Checked
    wrong: str


class Evidence(Struct, frozen=True):
    sentences: tuple[Said, ...] = ()

    @property
    def missing(self) -> int:
        return sum(not one.checked.holds for one in self.sentences if one.checked.verdict != "removed")

    @property
    def removed(self) -> int:
        return sum(one.checked.verdict == "removed" for one in self.sentences)


def evidence(db: sqlite3.Connection, draft: Reply | None) -> Evidence:
    """Nothing for a draft that a person has changed: its sentences are theirs."""
    if draft is None or draft.edited_at or draft.turn_id is None:
        return Evidence()
    claims = [one for one in turns.checked(db, draft.turn_id) if one.claims]
    return Evidence(tuple(Said(one, _wrong(one)) for one in claims))


def _wrong(one: Checked) -> str:
    if one.holds:
        return ""
    told = [_WRONG[kind].format(what.strip()) for kind, _, what in map(_parted, one.doubts) if kind in _WRONG]
    return ", ".join(told) or "nothing like it"


def _parted(doubt: str) -> tuple[str, str, str]:
    return doubt.partition(":")
