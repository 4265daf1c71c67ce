"""The tenant's own app at a platform, through which its accounts are connected."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from socialai.actions import app_review as app_review_texts
from socialai.actions import connecting
from socialai.channels import adapter_kind
from socialai.errors import InvalidInput
from socialai.platform_apps import connector_kind
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages import channel_form, form
from socialai.routes.pages.render import go, page

_WRITE = needs("channels:write")


@get("/channels/apps/{platform:str}", opt=_WRITE, sync_to_thread=True)
def platform_app(request: Asked, platform: FromPath[str]) -> Response[Any]:
    return _shown(request, platform, {}, {})


@post("/channels/apps/{platform:str}", opt=_WRITE, status_code=200, sync_to_thread=True)
def put_platform_app(
    request: Asked, platform: FromPath[str], data: URLEncodedBody[dict[str, Any]]
) -> Response[Any]:
    """What is left empty stays as it was, where there was something."""
    kind = connector_kind(platform)
    apps, tenant_id = hub(request).channels.apps, request.user.tenant_id
    known = apps.own(tenant_id, platform) or {}
    values = channel_form.entered(kind.App, data)
    if errors := channel_form.missing(kind.App, {**known, **values}):
        return _shown(request, platform, values, errors)
    try:
        if known:
            channel_form.check_destination(kind.App, known, values)
        apps.put_own(tenant_id, platform, {**known, **values})
    except InvalidInput as error:
        return _shown(request, platform, values, channel_form.placed(kind.App, str(error)))
    return go(request, f"/channels/new?platform={platform}")


@post("/channels/apps/{platform:str}/remove", opt=_WRITE, status_code=200, sync_to_thread=True)
def remove_platform_app(request: Asked, platform: FromPath[str]) -> Response[Any]:
    """Accounts that are connected stay so."""
    connector_kind(platform)
    hub(request).channels.apps.remove_own(request.user.tenant_id, platform)
    return go(request, f"/channels/new?platform={platform}")


@get("/channels/review/{platform:str}", opt=_WRITE, sync_to_thread=True)
def app_review(request: Asked, platform: FromPath[str]) -> Response[Any]:
    kind = adapter_kind(platform)
    context = {"platform": kind, "texts": app_review_texts.texts(hub(request), request.user, platform)}
    return page(request, "channels/review.html", f"App review at {kind.title}", context)


def _shown(request: Asked, platform: str, values: form.Values, errors: form.Errors) -> Response[Any]:
    kind, app = connector_kind(platform), hub(request)
    known = app.channels.apps.own(request.user.tenant_id, platform) or {}
    shown = {name: value for name, value in known.items() if name not in channel_form.secret(kind.App)}
    context = {
        "platform": adapter_kind(platform),
        "fields": channel_form.fields(kind.App, {**shown, **values}, errors, renewing=bool(known)),
        "error": errors.get("", ""),
        "known": bool(known),
        "redirect_url": connecting.callback(app, platform, str(request.base_url)),
    }
    title = f"Your app at {adapter_kind(platform).title}"
    return page(request, "channels/app.html", title, context, 400 if errors else 200)


HANDLERS = [platform_app, put_platform_app, remove_platform_app, app_review]
