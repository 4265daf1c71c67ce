"""The tenant's settings, as one form."""

from typing import Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from socialai.actions import policy as actions
from socialai.errors import InvalidInput
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form, policy_form
from socialai.routes.pages.render import page
from socialai.routes.pages.settings_tabs import tabs
from socialai.store import policies

_READ, _WRITE = needs("settings:read"), needs("settings:write")


@get("/settings", opt=_READ, sync_to_thread=True)
def settings(request: Asked) -> Response[Any]:
    return _form(request)


@post("/settings", opt=_WRITE, status_code=200, sync_to_thread=True)
def save_settings(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    policy, errors = policy_form.read(database(request).read(policies.get), data)
    if errors:
        return _form(request, data, errors)
    try:
        actions.put(hub(request), request.user, policy)
    except InvalidInput as error:
        return _form(request, data, {_field(str(error)): str(error)})
    return _form(request, saved=True)


def _field(message: str) -> str:
    """The field a refusal speaks of."""
    words = (
        ("order pattern", "order_patterns"),
        ("weights", "weights.intent"),
        ("language", "voice.languages"),
    )
    return next((field for word, field in words if word in message), "thresholds.warm")


def _form(
    request: Asked,
    entered: form.Values | None = None,
    errors: form.Errors | None = None,
    *,
    saved: bool = False,
) -> Response[Any]:
    policy = database(request).read(policies.get)
    app = hub(request)
    context = {
        "sections": policy_form.shown(policy, entered, errors or {}),
        "errors": errors or {},
        "saved": saved,
        "debounce": app.settings.debounce_seconds,
        "retries": [round(seconds) for seconds in app.settings.retry_seconds],
        "data_dir": str(app.settings.data_dir),
        **tabs("rules"),
    }
    return page(request, "settings", "Settings", context, 400 if errors else 200)


HANDLERS = [settings, save_settings]
