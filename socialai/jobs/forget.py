"""What a platform's terms do not let us keep goes in time: words, who people are, and the deliveries that
brought them."""

import sqlite3
from datetime import datetime

from socialai.channels import adapter_kind
from socialai.domain.happening import Profile
from socialai.store import contacts, events, lent_profiles, message_changes


def forget(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    """The conversations that are touched."""
    events.forget(db, now, limit)
    touched = {*message_changes.forget(db, now, limit), *lent_profiles.forget(db, now, limit)}
    return sorted(touched)


def meet(db: sqlite3.Connection, contact_id: int, platform: str, profile: Profile, now: datetime) -> None:
    """What the platform tells of a contact is kept for good, or for as long as it lends it."""
    span = adapter_kind(platform).capabilities.keeps_profiles
    if span is None:
        contacts.set_profile(db, contact_id, profile.name, profile.fields)
    else:
        lent_profiles.lend(db, contact_id, profile, now + span)


def delivery_until(platform: str, now: datetime) -> datetime | None:
    """None: its deliveries may be kept."""
    able = adapter_kind(platform).capabilities
    spans = [span for span in (able.keeps, able.keeps_profiles) if span is not None]
    return now + min(spans) if spans else None
