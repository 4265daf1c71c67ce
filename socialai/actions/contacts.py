"""What a person does with contacts that are one person: look, join, tell apart, part again."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from socialai import log
from socialai.context import App
from socialai.domain.conversation import Contact, Conversation
from socialai.domain.person import Identity, Merge, Pair, Preview
from socialai.security.permissions import Principal
from socialai.store import contacts, conversations, erasure, merges, messages

T = TypeVar("T")
_MOST = 50


def alike(app: App, who: Principal) -> list[Pair]:
    """Those who may be one person."""

    def run(db: sqlite3.Connection) -> list[Pair]:
        found = merges.alike(db, _MOST)
        return [Pair(contacts.get(db, one), contacts.get(db, other), why) for one, other, why in found]

    return _read(app, who, run)


def preview(app: App, who: Principal, survivor_id: int, gone_id: int) -> Preview:
    """What would be brought together. NotFound."""

    def run(db: sqlite3.Connection) -> Preview:
        talks = [*conversations.of_contact(db, survivor_id), *conversations.of_contact(db, gone_id)]
        return Preview(
            survivor=contacts.get(db, survivor_id),
            gone=contacts.get(db, gone_id),
            identities=tuple(merges.identities(db, [survivor_id, gone_id])),
            conversations=len(talks),
            messages=sum(messages.count(db, talk) for talk in talks),
        )

    return _read(app, who, run)


def join(app: App, who: Principal, survivor_id: int, gone_id: int) -> int:
    """The number under which it can be undone. Conflict when they write on one channel."""
    now = app.clock()
    run = app.files.tenant(who.tenant_id).write
    merge_id = run(lambda db: merges.join(db, survivor_id, gone_id, who.user_id, now))
    app.feed.tell(who.tenant_id, "conversation")
    return merge_id


def erase(app: App, who: Principal, contact_id: int) -> None:
    """Everything of this person is gone for good; who writes again is a new contact. NotFound."""

    def run(db: sqlite3.Connection) -> None:
        contacts.get(db, contact_id)
        erasure.erase(db, contact_id)

    app.files.tenant(who.tenant_id).write(run)
    log.get().info("contact erased", tenant=who.tenant_id, contact=contact_id, user=who.user_id)
    app.feed.tell(who.tenant_id, "conversation")


def keep_apart(app: App, who: Principal, one_id: int, other_id: int) -> None:
    def run(db: sqlite3.Connection) -> None:
        contacts.get(db, one_id), contacts.get(db, other_id)
        merges.keep_apart(db, one_id, other_id)

    app.files.tenant(who.tenant_id).write(run)


def part(app: App, who: Principal, merge_id: int) -> int:
    """Undo it: the contact that is back."""
    now = app.clock()
    contact_id = app.files.tenant(who.tenant_id).write(lambda db: merges.part(db, merge_id, now))
    app.feed.tell(who.tenant_id, "conversation")
    return contact_id


def person(
    app: App, who: Principal, contact_id: int
) -> tuple[Contact, list[Identity], list[Conversation], list[Merge]]:
    """A contact with all its names, everything said with it, newest first, and what was joined into it."""

    def run(db: sqlite3.Connection) -> tuple[Contact, list[Identity], list[Conversation], list[Merge]]:
        contact = contacts.get(db, contact_id)
        talks = [conversations.get(db, talk) for talk in conversations.of_contact(db, contact_id)]
        talks.sort(key=lambda talk: talk.last_message_at, reverse=True)
        return contact, merges.identities(db, [contact_id]), talks, merges.of_contact(db, contact_id)

    return _read(app, who, run)


def _read(app: App, who: Principal, run: Callable[[sqlite3.Connection], T]) -> T:
    return app.files.tenant(who.tenant_id).read(run)
