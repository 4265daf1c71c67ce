"""How a channel is: its token's life, whether it is asked for news, and what the doctor finds."""

from datetime import datetime, timedelta
from typing import Any

from litestar import Response, post
from litestar.params import URLEncodedBody
from msgspec import Struct

from socialai.actions import channel_doctor
from socialai.actions import channels as actions
from socialai.channels import adapter_kind
from socialai.domain.channel import Channel, Polls
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.render import go, is_partial, part
from socialai.routes.paging import Id
from socialai.store import channels

_WRITE = needs("channels:write")
_SOON = timedelta(days=14)
_POLLS: dict[str, Polls] = {"auto": "auto", "on": "on", "off": "off"}


class Weather(Struct, frozen=True):
    """How long the token lives: `state` is calm, soon or over, `says` a plain sentence."""

    state: str
    says: str


def weather(channel: Channel, now: datetime) -> Weather:
    ends_at, renews = channel.token_expires_at, adapter_kind(channel.platform).capabilities.renews
    if channel.renew_error and ends_at:
        days = max((ends_at - now).days, 0)
        return Weather(
            "soon", f"Its token ends in {days} days and could not be renewed: {channel.renew_error}"
        )
    if renews:
        return Weather("calm", "Its token is renewed by itself.")
    if ends_at is None:
        return Weather("calm", "Its token has no end, as far as the platform tells.")
    if ends_at <= now:
        return Weather("over", "Its token has ended. Connect it again.")
    days = (ends_at - now).days
    says = f"Its token works for another {days} days; then it must be connected again."
    return Weather("soon" if ends_at - now <= _SOON else "calm", says)


@post("/channels/{channel_id:int}/doctor", opt=_WRITE, status_code=200, sync_to_thread=True)
def examine_channel(request: Asked, channel_id: Id) -> Response[Any]:
    findings = channel_doctor.examine(hub(request), request.user, channel_id)
    if not is_partial(request):
        return go(request, f"/channels/{channel_id}")
    return _findings(request, channel_id, findings)


@post("/channels/{channel_id:int}/subscribe", opt=_WRITE, status_code=200, sync_to_thread=True)
def deliver_here(request: Asked, channel_id: Id) -> Response[Any]:
    """Have the platform deliver to this hub, then look again."""
    app, who = hub(request), request.user
    try:
        actions.subscribe(app, who, channel_id)
        told = []
    except DeliveryError as error:
        told = [Finding("Deliver here", "fix", str(error))]
    if not is_partial(request):
        return go(request, f"/channels/{channel_id}")
    return _findings(request, channel_id, [*told, *channel_doctor.examine(app, who, channel_id)])


@post("/channels/{channel_id:int}/polls", opt=_WRITE, status_code=200, sync_to_thread=True)
def set_channel_polls(request: Asked, channel_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    polls = _POLLS.get(form.text(data, "polls"), "auto")
    channel = actions.set_polls(hub(request), request.user, channel_id, polls)
    if is_partial(request):
        kind = adapter_kind(channel.platform)
        return part("channels/_polls.html", {"channel": channel, "platform": kind, "saved": True})
    return go(request, f"/channels/{channel_id}")


def _findings(request: Asked, channel_id: int, findings: list[Finding]) -> Response[Any]:
    channel = database(request).read(lambda db: channels.get(db, channel_id))
    context = {"findings": findings, "channel": channel, "platform": adapter_kind(channel.platform)}
    return part("channels/_doctor.html", context)


HANDLERS = [examine_channel, deliver_here, set_channel_polls]
