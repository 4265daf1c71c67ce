"""CRMs: connect one, look at how it is, pause it, take it away; send a lead there now."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody

from socialai.actions import crm_news
from socialai.actions import crms as actions
from socialai.crm_accounts import crm_kind
from socialai.crms.registry import CRMS
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.platforms.base import Finding
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import channel_form, form
from socialai.routes.pages.render import go, page
from socialai.routes.paging import Id
from socialai.store import crms as store

_READ, _WRITE, _SEND = needs("channels:read"), needs("channels:write"), needs("conversations:write")


@get("/crms", opt=_READ, sync_to_thread=True)
def read_crms(request: Asked) -> Response[Any]:
    return _listed(request)


@get("/crms/new", opt=_WRITE, sync_to_thread=True)
def new_crm(request: Asked, kind: FromQuery[str] = "hubspot") -> Response[Any]:
    return _new(request, kind, {}, {})


@post("/crms", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_crm(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """The same account again keeps what is known of its records."""
    kind = form.text(data, "kind")
    config = crm_kind(kind).Config
    values = channel_form.entered(config, data)
    if errors := channel_form.missing(config, values):
        return _new(request, kind, values, errors)
    try:
        crm, findings = actions.connect(hub(request), request.user, kind, values)
    except InvalidInput as error:
        return _new(request, kind, values, channel_form.placed(config, str(error)))
    return _listed(request, {crm.id: list(findings)})


@post("/crms/{crm_id:int}/{move:str}", opt=_WRITE, status_code=200, sync_to_thread=True)
def act_on_crm(request: Asked, crm_id: Id, move: FromPath[str]) -> Response[Any]:
    app, who = hub(request), request.user
    match move:
        case "examine":
            return _listed(request, {crm_id: actions.examine(app, who, crm_id)})
        case "pause" | "resume":
            actions.pause(app, who, crm_id, paused=move == "pause")
        case "remove":
            actions.disconnect(app, who, crm_id)
        case _:
            raise NotFound(f"There is no '{move}' for a CRM.")
    return go(request, "/crms")


@post("/leads/{contact_id:int}/crm", opt=_SEND, status_code=200, sync_to_thread=True)
def send_lead(request: Asked, contact_id: Id) -> Response[Any]:
    """To every CRM, now."""
    try:
        crm_news.send(hub(request), request.user, contact_id)
    except Conflict:
        return go(request, "/crms")
    return go(request, f"/contacts/{contact_id}")


def _listed(request: Asked, found: dict[int, list[Finding]] | None = None) -> Response[Any]:
    context = {"crms": database(request).read(store.crms), "kinds": CRMS, "found": found or {}}
    return page(request, "crms", "CRMs", context)


def _new(request: Asked, kind: str, values: form.Values, errors: form.Errors) -> Response[Any]:
    made = crm_kind(kind)
    context = {
        "kind": made,
        "fields": channel_form.fields(made.Config, values, errors),
        "error": errors.get("", ""),
    }
    return page(request, "crms/new.html", f"Connect {made.title}", context, 400 if errors else 200)


HANDLERS = [read_crms, new_crm, add_crm, act_on_crm, send_lead]
