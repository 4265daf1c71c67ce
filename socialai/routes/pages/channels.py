"""Channels: connect an account by hand, choose how it answers, check it, connect it again, remove it."""

import secrets
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from socialai.actions import channels as actions
from socialai.channels import adapter_kind
from socialai.domain.channel import Channel, Mode
from socialai.domain.triage import INTENTS
from socialai.errors import DeliveryError, InvalidInput
from socialai.platforms.connectors import CONNECTORS
from socialai.platforms.registry import PLATFORMS
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import channel_form, form
from socialai.routes.pages.channel_care import weather
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import channels as store

_REFUSED = {
    "denied": "You did not agree at the platform, so nothing was connected. Try again when you want to.",
    "failed": "The platform did not complete the sign-in. Try again, or check your app's details.",
    "over": "This sign-in is over or was not begun here, so nothing was connected. Begin it again.",
}
_READ, _WRITE = needs("channels:read"), needs("channels:write")


@get("/channels", opt=_READ, sync_to_thread=True)
def channels(request: Asked) -> Response[Any]:
    context = {
        "channels": database(request).read(store.channels),
        "platforms": PLATFORMS,
        "refused": _REFUSED.get(request.query_params.get("refused", ""), ""),
    }
    if is_partial(request):
        return part("channels/_list.html", context)
    return page(request, "channels", "Channels", context)


@get("/channels/new", opt=_WRITE, sync_to_thread=True)
def new_channel(request: Asked, platform: FromQuery[str] = "facebook") -> Response[Any]:
    adapter_kind(platform)
    return _new(request, platform, {"verify_token": secrets.token_urlsafe(12)}, {})


@post("/channels", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_channel(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """Asks the platform who the account is before it is kept, unless told not to."""
    platform = form.text(data, "platform")
    kind = adapter_kind(platform)
    values = channel_form.entered(kind.Config, data)
    if errors := channel_form.missing(kind.Config, values):
        return _new(request, platform, {**data, **values}, errors)
    try:
        name = form.text(data, "name").strip() or _account_name(request, platform, values, data)
        channel = actions.connect(hub(request), request.user, platform, name, values)
    except (InvalidInput, DeliveryError) as error:
        return _new(request, platform, {**data, **values}, channel_form.placed(kind.Config, str(error)))
    return go(request, f"/channels/{channel.id}")


@get("/channels/{channel_id:int}", opt=_READ, sync_to_thread=True)
def channel(request: Asked, channel_id: Id) -> Response[Any]:
    return _shown(request, _channel(request, channel_id))


@post("/channels/{channel_id:int}/mode", opt=_WRITE, status_code=200, sync_to_thread=True)
def set_channel_mode(request: Asked, channel_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    chosen = form.several(data, "intent")
    intents = tuple(intent for intent in INTENTS if intent in chosen)
    mode: Mode = "auto" if form.text(data, "mode") == "auto" else "draft"
    changed = actions.set_mode(hub(request), request.user, channel_id, mode, intents)
    if is_partial(request):
        return part("channels/_mode.html", {"channel": changed, "intents": INTENTS, "saved": True})
    return go(request, f"/channels/{channel_id}")


@post("/channels/{channel_id:int}/check", opt=_WRITE, status_code=200, sync_to_thread=True)
def check_connection(request: Asked, channel_id: Id) -> Response[Any]:
    _channel(request, channel_id)
    try:
        name, error = actions.check(hub(request), request.user, channel_id), ""
    except DeliveryError as failed:
        name, error = "", str(failed)
    if is_partial(request):
        return part("channels/_check.html", {"name": name, "error": error})
    return go(request, f"/channels/{channel_id}")


@post("/channels/{channel_id:int}/reconnect", opt=_WRITE, status_code=200, sync_to_thread=True)
def reconnect_channel(request: Asked, channel_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """The same account with newer credentials; its history stays."""
    known = _channel(request, channel_id)
    kind = adapter_kind(known.platform)
    entered = channel_form.entered(kind.Config, data)
    kept = msgspec.to_builtins(hub(request).channels.adapter(request.user.tenant_id, channel_id).config)
    name = form.text(data, "name").strip() or known.name
    try:
        channel_form.check_destination(kind.Config, kept, entered)
        values = {**kept, **entered}
        if hub(request).channels.draft(known.platform, values).external_id != known.external_id:
            raise InvalidInput("This is another account. Add it as a channel of its own.")
        actions.connect(hub(request), request.user, known.platform, name, values)
        actions.check(hub(request), request.user, channel_id)
    except (InvalidInput, DeliveryError) as error:
        return _shown(
            request, _channel(request, channel_id), channel_form.placed(kind.Config, str(error)), entered
        )
    return go(request, f"/channels/{channel_id}")


@post("/channels/{channel_id:int}/disconnect", opt=_WRITE, status_code=200, sync_to_thread=True)
def disconnect_channel(request: Asked, channel_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    known = _channel(request, channel_id)
    if form.text(data, "typed").strip() != known.name:
        return _shown(request, known, {"typed": f"Type the name exactly as it is: {known.name}"})
    actions.disconnect(hub(request), request.user, channel_id)
    return go(request, "/channels")


def _channel(request: Asked, channel_id: int) -> Channel:
    return database(request).read(lambda db: store.get(db, channel_id))


def _account_name(request: Asked, platform: str, values: dict[str, Any], data: form.Values) -> str:
    adapter = hub(request).channels.draft(platform, values)
    return adapter.external_id if form.is_on(data, "unchecked") else adapter.check()


def _new(request: Asked, platform: str, values: form.Values, errors: form.Errors) -> Response[Any]:
    kind = adapter_kind(platform)
    context = {
        "platform": kind,
        "fields": channel_form.fields(kind.Config, values, errors),
        "name": form.text(values, "name"),
        "error": errors.get("", ""),
        "webhook": _webhook(request, platform),
        **_signs_in(request, platform),
    }
    status = 400 if errors else 200
    return page(request, "channels/new.html", f"Connect {kind.title}", context, status)


def _shown(
    request: Asked, known: Channel, errors: form.Errors | None = None, entered: form.Values | None = None
) -> Response[Any]:
    kind = adapter_kind(known.platform)
    values = {**known.config, **(entered or {})}
    context = {
        "channel": known,
        "platform": kind,
        "intents": INTENTS,
        "saved": False,
        "fields": channel_form.fields(kind.Config, values, errors or {}, renewing=True),
        "errors": errors or {},
        "webhook": _webhook(request, known.platform),
        "embed": _embed(request, known) if kind.capabilities.embeds else None,
        "weather": weather(known, hub(request).clock()),
        **_signs_in(request, known.platform),
    }
    return page(request, "channels/channel.html", known.name, context, 400 if errors else 200)


def _signs_in(request: Asked, platform: str) -> dict[str, bool]:
    """Whether its accounts are connected by signing in there, and whether there is an app for it yet."""
    if platform not in CONNECTORS:
        return {"signs_in": False, "has_app": False}
    apps = hub(request).channels.apps
    has_app = apps.own(request.user.tenant_id, platform) or apps.shared(platform)
    return {"signs_in": True, "has_app": has_app is not None}


def _webhook(request: Asked, platform: str) -> dict[str, Any]:
    """The address to give to the platform; `is_public`: it is known how this machine is reached."""
    base, is_public = _base(request)
    url = actions.webhook_url(hub(request), base, request.user.tenant_id, platform)
    return {"url": url, "is_public": is_public}


def _embed(request: Asked, known: Channel) -> dict[str, Any]:
    """What a page of the shop's own site names to show it."""
    base, is_public = _base(request)
    chat = f"{request.user.tenant_id}/{known.external_id}"
    return {"hub": base, "chat": chat, "is_public": is_public}


def _base(request: Asked) -> tuple[str, bool]:
    """Where this hub is, and whether that is an address from outside."""
    public = hub(request).channels.outside.url
    return public or str(request.base_url).rstrip("/"), bool(public)


HANDLERS = [
    channels,
    new_channel,
    add_channel,
    channel,
    set_channel_mode,
    check_connection,
    reconnect_channel,
    disconnect_channel,
]
