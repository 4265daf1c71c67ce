"""Ask the platform who a new contact is; a courtesy that may fail."""

from datetime import timedelta

from socialai.context import App
from socialai.errors import DeliveryError
from socialai.jobs.forget import meet
from socialai.store import channels, contacts

_AGAIN = timedelta(hours=1)


def enrich(app: App, tenant_id: str, contact_id: int) -> None:
    database = app.files.tenant(tenant_id)
    due = database.read(lambda db: contacts.profile_due(db, contact_id, app.clock()))
    if due is None:
        return
    channel_id, external_id = due
    platform = database.read(lambda db: channels.get(db, channel_id)).platform
    try:
        profile = app.channels.adapter(tenant_id, channel_id).profile(external_id)
    except DeliveryError as error:
        again = app.clock() + _AGAIN if error.outcome != "permanent" else None
        database.write(lambda db: contacts.postpone_profile(db, contact_id, again))
        return
    database.write(lambda db: meet(db, contact_id, platform, profile, app.clock()))
    app.feed.tell(tenant_id, "conversation")
