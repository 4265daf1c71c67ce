"""What is remembered of a contact: seen, put right, forgotten."""

import sqlite3
from datetime import datetime

import msgspec

from socialai.context import App
from socialai.domain.memory import LONGEST_DETAIL, Detail, DetailKind, DetailValue
from socialai.errors import InvalidInput
from socialai.security.permissions import Principal
from socialai.store import activities, contacts, conversations, details, recaps
from socialai.store.db import Database


def add(app: App, who: Principal, contact_id: int, kind: DetailKind, value: str) -> Detail:
    """A person writes it down. Conflict when it is known, or there are too many."""
    value, now = _checked(value), app.clock()

    def run(db: sqlite3.Connection) -> Detail:
        contacts.get(db, contact_id)
        return details.add(db, contact_id, kind, value, who.user_id, now)

    return _told(app, who, _file(app, who).write(run))


def change(app: App, who: Principal, detail_id: int, value: str) -> Detail:
    value = _checked(value)
    return _told(
        app, who, _file(app, who).write(lambda db: details.change(db, detail_id, value, who.user_id))
    )


def forget_one(app: App, who: Principal, detail_id: int) -> Detail:
    return _told(app, who, _file(app, who).write(lambda db: details.delete(db, detail_id)))


def forget_all(app: App, who: Principal, contact_id: int) -> None:
    """Also the e-mail address and phone number they wrote, and what was said until now."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> list[int]:
        contacts.get(db, contact_id)
        return forget(db, contact_id, f"{who.name} had the contact forgotten", now, who)

    for conversation_id in _file(app, who).write(run):
        app.feed.tell(who.tenant_id, "conversation", conversation_id)


def forget(
    db: sqlite3.Connection, contact_id: int, why: str, now: datetime, who: Principal | None = None
) -> list[int]:
    """In which conversations. The messages stay: they are the business's record of what was said."""
    details.forget_all(db, contact_id)
    recaps.forget(db, contact_id)
    contacts.forget(db, contact_id, now)
    talks = conversations.of_contact(db, contact_id)
    for conversation_id in talks:
        activities.add(db, conversation_id, "forgotten", why, now, who.user_id if who else None)
    return talks


def _checked(value: str) -> str:
    value = " ".join(value.split())
    try:
        return msgspec.convert(value, DetailValue)
    except msgspec.ValidationError:
        raise InvalidInput(f"Write what to remember, in at most {LONGEST_DETAIL} characters.") from None


def _file(app: App, who: Principal) -> Database:
    return app.files.tenant(who.tenant_id)


def _told(app: App, who: Principal, detail: Detail) -> Detail:
    app.feed.tell(who.tenant_id, "conversation")
    return detail
