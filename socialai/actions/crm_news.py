"""What is owed to the business's CRMs when a lead changes."""

import sqlite3
from datetime import datetime

from socialai.context import App
from socialai.domain.crm import LeadEvent
from socialai.domain.lead import Lead, Score
from socialai.errors import Conflict
from socialai.security.permissions import Principal
from socialai.store import crms, leads, outbox


def event(before: Lead | None, score: Score) -> LeadEvent | None:
    """What a new score makes of a lead; None: nothing that a CRM would want to know."""
    if score.temperature == "hot" and (before is None or before.temperature != "hot"):
        return "lead.hot"
    changed = before and (before.score, before.temperature) != (score.value, score.temperature)
    return "lead.changed" if changed else None


def owe(db: sqlite3.Connection, contact_id: int, event: LeadEvent, now: datetime) -> list[int]:
    """One item for each CRM, to be woken after the commit. What still waits is not owed twice: the newest
    state of the lead is read when it is told."""
    items = []
    for crm in crms.crms(db):
        known = crms.find_link(db, crm.id, contact_id)
        if event == "lead.changed" and known is None:
            continue  # it was never worth telling
        lane = f"crm/{crm.id}/{contact_id}"
        payload = {"crm_id": crm.id, "contact_id": contact_id, "events": [event]}
        items.append(outbox.join_or_add(db, "crm", lane, payload, now))
    return items


def send(app: App, who: Principal, contact_id: int) -> None:
    """A person wants this lead in every CRM, now. NotFound: it is no lead. Conflict: there is no CRM."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> list[int]:
        leads.get(db, contact_id)
        return owe(db, contact_id, "lead.sent", now)

    items = app.files.tenant(who.tenant_id).write(run)
    if not items:
        raise Conflict("No CRM is connected. Connect one on the page CRMs first.")
    for item_id in items:
        app.tasks.wake("deliver", who.tenant_id, item_id)
