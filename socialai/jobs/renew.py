"""Renew a channel's token before it ends."""

from datetime import timedelta

from socialai import log
from socialai.context import App
from socialai.errors import DeliveryError, WrongKey
from socialai.store import channels

_AGAIN = timedelta(hours=1)


def renew(app: App, tenant_id: str, channel_id: int) -> None:
    database, now = app.files.tenant(tenant_id), app.clock()
    channel = database.read(lambda db: channels.get(db, channel_id))
    if channel_id not in database.read(lambda db: channels.renewals_due(db, now)):
        return
    try:
        app.channels.renew(tenant_id, channel_id, now, channel.token_expires_at)
    except (DeliveryError, WrongKey) as error:
        _failed(app, tenant_id, channel_id, error)
    app.feed.tell(tenant_id, "channel", channel_id)


def _failed(app: App, tenant_id: str, channel_id: int, error: DeliveryError | WrongKey) -> None:
    """Refused for good: the token works until it ends, and what comes then is said now."""
    now, lost = app.clock(), isinstance(error, WrongKey) or error.outcome in ("reauthorise", "permanent")
    due_at = None if lost else now + _AGAIN
    app.files.tenant(tenant_id).write(lambda db: channels.renew_later(db, channel_id, due_at, str(error)))
    log.get().warning("token not renewed", tenant=tenant_id, channel=channel_id, error=str(error))
