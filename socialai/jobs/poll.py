"""Ask a channel's platform for news: what its webhook did not bring goes through the same intake."""

import sqlite3
import uuid
from datetime import datetime, timedelta

from socialai import log
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.event import Delivery, Source
from socialai.domain.happening import Echoed, Received
from socialai.errors import DeliveryError, ParseError, WrongKey
from socialai.platforms.base import Platform, Polled
from socialai.store import channels, events, messages

_LEASE = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)
_QUIET = 4
"""How many times as seldom it is asked while its webhooks arrive."""
_ALIVE = timedelta(hours=1)


def poll(app: App, tenant_id: str, channel_id: int) -> None:
    database, now = app.files.tenant(tenant_id), app.clock()
    if not database.write(lambda db: channels.claim_poll(db, channel_id, now, now + _LEASE)):
        return
    channel = database.read(lambda db: channels.get(db, channel_id))
    try:
        adapter = app.channels.fresh(tenant_id, channel_id, now)
        cursor = database.read(lambda db: channels.poll_cursor(db, channel_id))
        found = adapter.poll(cursor, now)
    except (DeliveryError, WrongKey) as error:
        _failed(app, tenant_id, channel, error)
        return
    _keep(app, tenant_id, channel, adapter, found)


def interval(adapter: Platform, channel: Channel, now: datetime, *, is_cut_off: bool) -> timedelta:
    """Seldom while webhooks arrive; as often as the platform likes when they do not, or cannot."""
    assert adapter.capabilities.polling, "only what can be polled is"
    every = timedelta(seconds=adapter.capabilities.polling.every)
    alive = not is_cut_off and channel.last_event_at is not None and now - channel.last_event_at < _ALIVE
    return every * _QUIET if alive and adapter.capabilities.webhooks else every


def _keep(app: App, tenant_id: str, channel: Channel, adapter: Platform, found: Polled) -> None:
    """The cursor goes on together with what was read, so that nothing lies between them."""
    now = app.clock()
    again_at = (
        now
        if found.more
        else now + interval(adapter, channel, now, is_cut_off=app.channels.outside.is_cut_off)
    )

    def run(db: sqlite3.Connection) -> list[int]:
        new = [body for body in found.bodies if _is_news(db, channel, adapter, body)]
        source: Source = "webhook" if found.live else "poll"
        arrived = [Delivery(channel.platform, body, uuid.uuid4().hex[:16], now, source) for body in new]
        kept = events.keep_all(db, arrived) if arrived else []
        channels.polled(db, channel.id, found.cursor, found.cost, now, again_at)
        return [event_id for event_id in kept if event_id is not None]

    for event_id in app.files.tenant(tenant_id).write(run)[:1]:
        app.tasks.wake("process", tenant_id, event_id)
    app.tasks.wake("poll", tenant_id, channel.id, (again_at - now).total_seconds())


def _is_news(db: sqlite3.Connection, channel: Channel, adapter: Platform, body: bytes) -> bool:
    """What cannot be read is: it becomes a dead letter that a person sees."""
    try:
        happenings = adapter.parse(body)
    except ParseError:
        return True
    said = [what for what in happenings if isinstance(what, Received | Echoed)]
    if not said:
        return True
    return any(messages.find_on_channel(db, channel.id, what.external_id) is None for what in said)


def _failed(app: App, tenant_id: str, channel: Channel, error: DeliveryError | WrongKey) -> None:
    now, told = app.clock(), getattr(error, "retry_after", None)
    since = now - channel.polled_at if channel.polled_at else timedelta()
    wait = timedelta(seconds=told) if told else min(max(since, timedelta(minutes=1)), _LONGEST_WAIT)
    dead = isinstance(error, WrongKey) or error.outcome == "reauthorise"

    def run(db: sqlite3.Connection) -> None:
        channels.poll_failed(db, channel.id, str(error), now + wait)
        if dead:
            channels.set_state(db, channel.id, "reauthorise", str(error))

    app.files.tenant(tenant_id).write(run)
    log.get().info("poll failed", tenant=tenant_id, channel=channel.id, error=str(error))
    app.feed.tell(tenant_id, "channel", channel.id)
