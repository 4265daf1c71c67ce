"""Channels: connect an account, choose how it answers, check it, remove it. Secrets go in, never out."""

from typing import Annotated, Any

from litestar import Router, delete, get, patch, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from socialai.actions import channel_doctor
from socialai.actions import channels as actions
from socialai.domain.channel import Channel, Mode
from socialai.domain.triage import Intent
from socialai.platforms.base import Finding
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import Id, Page
from socialai.store import channels

_READ, _WRITE = needs("channels:read"), needs("channels:write")


class NewChannel(Struct, forbid_unknown_fields=True):
    """`values` are what the platform asks for, for example page_id, page_token, app_secret, verify_token."""

    platform: Annotated[str, Meta(min_length=1, max_length=40)]
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    values: Annotated[dict[str, Any], Meta(max_length=50)]


class ChannelMode(Struct, forbid_unknown_fields=True):
    """`auto_intents` are those answered without a person."""

    mode: Mode
    auto_intents: Annotated[tuple[Intent, ...], Meta(max_length=5)] | None = None


class Checked(Struct):
    """The account's name on the platform."""

    name: str


@get("/", opt=_READ, sync_to_thread=True)
def read_channels(request: Asked) -> Page[Channel]:
    """The connected accounts."""
    return Page(database(request).read(channels.channels))


@get("/{channel_id:int}", opt=_READ, sync_to_thread=True)
def read_channel(request: Asked, channel_id: Id) -> Channel:
    """One connected account."""
    return database(request).read(lambda db: channels.get(db, channel_id))


@post("/", opt=_WRITE, sync_to_thread=True)
def connect_channel(request: Asked, data: JSONBody[NewChannel]) -> Channel:
    """Connect an account, or the same one again with other credentials."""
    return actions.connect(hub(request), request.user, data.platform, data.name, data.values)


@patch("/{channel_id:int}", opt=_WRITE, sync_to_thread=True)
def change_channel(request: Asked, channel_id: Id, data: JSONBody[ChannelMode]) -> Channel:
    """Draft: a person approves every reply. Auto: what passes every check is sent."""
    intents = data.auto_intents
    if intents is None:
        intents = database(request).read(lambda db: channels.get(db, channel_id)).auto_intents
    return actions.set_mode(hub(request), request.user, channel_id, data.mode, intents)


@post("/{channel_id:int}/check", opt=_WRITE, status_code=200, sync_to_thread=True)
def check_channel(request: Asked, channel_id: Id) -> Checked:
    """Ask the platform who we are; 502 says what it answered instead."""
    return Checked(actions.check(hub(request), request.user, channel_id))


@post("/{channel_id:int}/doctor", opt=_WRITE, status_code=200, sync_to_thread=True)
def examine_channel_connection(request: Asked, channel_id: Id) -> Page[Finding]:
    """What is right and wrong with its connection, and what to do."""
    return Page(channel_doctor.examine(hub(request), request.user, channel_id))


@delete("/{channel_id:int}", opt=_WRITE, sync_to_thread=True)
def remove_channel(request: Asked, channel_id: Id) -> None:
    """Remove it with its conversations and credentials."""
    actions.disconnect(hub(request), request.user, channel_id)


router = Router(
    "/channels",
    route_handlers=[
        read_channels,
        read_channel,
        connect_channel,
        change_channel,
        check_channel,
        examine_channel_connection,
        remove_channel,
    ],
    tags=["channels"],
)
