"""Once a day ask each platform whether its channel still works, before a customer finds out."""

from datetime import timedelta

from socialai.context import App
from socialai.errors import DeliveryError, WrongKey
from socialai.store import channels

_EVERY = timedelta(days=1)
_AGAIN = timedelta(hours=1)


def check(app: App, tenant_id: str, channel_id: int) -> None:
    database, now = app.files.tenant(tenant_id), app.clock()
    if channel_id not in database.read(lambda db: channels.checks_due(db, now)):
        return
    dead, again = "", _EVERY
    try:
        app.channels.fresh(tenant_id, channel_id, now).check()
    except WrongKey as error:
        dead = str(error)
    except DeliveryError as error:
        dead = str(error) if error.outcome == "reauthorise" else ""
        again = _EVERY if dead else _AGAIN

    database.write(lambda db: channels.checked(db, channel_id, now, now + again))
    if dead:
        database.write(lambda db: channels.set_state(db, channel_id, "reauthorise", dead))
        app.feed.tell(tenant_id, "channel", channel_id)
