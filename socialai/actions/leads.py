"""What a person does with a lead."""

import sqlite3

from socialai.context import App
from socialai.domain.lead import Lead
from socialai.security.permissions import Principal
from socialai.store import activities, leads


def convert(app: App, who: Principal, contact_id: int) -> Lead:
    """It became business; counted once."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> tuple[Lead, bool]:
        new = leads.convert(db, contact_id, now)
        lead = leads.get(db, contact_id)
        if new:
            text = f"{who.name} marked the lead as converted"
            activities.add(db, lead.conversation_id, "converted", text, now, who.user_id)
        return lead, new

    lead, new = app.files.tenant(who.tenant_id).write(run)
    if new:
        app.metrics.leads_converted.labels(who.tenant_id, lead.source).inc()
        app.feed.tell(who.tenant_id, "conversation", lead.conversation_id)
    return lead
