"""What a person does with a channel: connect it, choose how it answers, check it, remove it."""

import sqlite3
from datetime import datetime
from typing import Any

from socialai.channels import adapter_kind, poll_at
from socialai.context import App
from socialai.domain.channel import Channel, Mode, Polls
from socialai.domain.triage import Intent
from socialai.errors import DeliveryError, InvalidInput
from socialai.platforms.connectors import CONNECTORS
from socialai.security.permissions import Principal
from socialai.store import accounts, channels, outbox

_LONGEST_NAME = 120
_MOST_DUE = 100
"""The sweep rings for the rest."""


def connect(
    app: App,
    who: Principal,
    platform: str,
    name: str,
    values: dict[str, Any],
    expires_at: datetime | None = None,
) -> Channel:
    """Keep the account and seal its secrets; the same account again renews its credentials."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"A channel's name has 1 to {_LONGEST_NAME} printable characters.")
    channel = app.channels.connect(who.tenant_id, platform, name, values, app.clock(), expires_at)
    app.feed.tell(who.tenant_id, "channel", channel.id)
    app.tasks.wake("poll", who.tenant_id, channel.id)
    _go_on(app, who)
    return channel


def of_platform(app: App, who: Principal, platform: str) -> list[Channel]:
    return app.files.tenant(who.tenant_id).read(lambda db: channels.channels(db, platform))


def subscribe(app: App, who: Principal, channel_id: int) -> None:
    """Have its platform deliver here, where this hub can be reached from outside. DeliveryError."""
    adapter = app.channels.adapter(who.tenant_id, channel_id)
    if base := app.channels.outside.url:
        adapter.subscribe(webhook_url(app, base, who.tenant_id, adapter.kind))


def webhook_url(app: App, base: str, tenant_id: str, platform: str) -> str:
    """Where the platform delivers, on the hub reached at `base`. An app of the whole installation has one
    address for all its businesses."""
    is_shared = platform in CONNECTORS and app.channels.apps.is_shared(tenant_id, platform)
    return f"{base}/webhooks/{platform}" if is_shared else f"{base}/webhooks/{platform}/{tenant_id}"


def set_mode(
    app: App, who: Principal, channel_id: int, mode: Mode, auto_intents: tuple[Intent, ...]
) -> Channel:
    """`auto` sends what passes every check and has one of `auto_intents`; `draft` waits for a person."""

    def run(db: sqlite3.Connection) -> Channel:
        channels.get(db, channel_id)
        channels.set_mode(db, channel_id, mode, auto_intents)
        return channels.get(db, channel_id)

    channel = app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "channel", channel_id)
    return channel


def set_polls(app: App, who: Principal, channel_id: int, polls: Polls) -> Channel:
    """Whether its platform is asked for news: 'auto' where that costs nothing."""

    def run(db: sqlite3.Connection) -> Channel:
        kind = adapter_kind(channels.get(db, channel_id).platform)
        if polls == "on" and kind.capabilities.polling is None:
            raise InvalidInput(f"{kind.title} cannot be asked for news.")
        channels.set_polls(db, channel_id, polls, poll_at(kind, polls, app.clock()))
        return channels.get(db, channel_id)

    channel = app.files.tenant(who.tenant_id).write(run)
    app.tasks.wake("poll", who.tenant_id, channel_id)
    app.feed.tell(who.tenant_id, "channel", channel_id)
    return channel


def check(app: App, who: Principal, channel_id: int) -> str:
    """The account's name as the platform says it, or DeliveryError; the channel's state follows."""
    adapter = app.channels.adapter(who.tenant_id, channel_id)
    try:
        name = adapter.check()
    except DeliveryError as error:
        if error.outcome == "reauthorise":
            _set_state(app, who, channel_id, str(error))
        raise
    _set_state(app, who, channel_id, None)
    _go_on(app, who)
    return name


def disconnect(app: App, who: Principal, channel_id: int) -> None:
    """Remove the channel with its conversations and credentials."""
    channel = app.files.tenant(who.tenant_id).read(lambda db: channels.get(db, channel_id))
    app.channels.disconnect(who.tenant_id, channel_id)
    place = (channel.platform, channel.external_id, who.tenant_id)
    app.files.app.write(lambda db: accounts.release(db, *place))
    app.feed.tell(who.tenant_id, "channel", channel_id)


def _go_on(app: App, who: Principal) -> None:
    """What waited while the channel could not send is sent now."""
    due = app.files.tenant(who.tenant_id).read(lambda db: outbox.due(db, app.clock(), _MOST_DUE))
    for item_id in due:
        app.tasks.wake("deliver", who.tenant_id, item_id)


def _set_state(app: App, who: Principal, channel_id: int, refused: str | None) -> None:
    """A channel that a person paused stays so."""

    def run(db: sqlite3.Connection) -> None:
        if channels.get(db, channel_id).state != "paused":
            channels.set_state(db, channel_id, "reauthorise" if refused else "active", refused)

    app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "channel", channel_id)
