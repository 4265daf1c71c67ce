"""Web sites that the knowledge is read from: adding one, watching it being read, what became of its pages."""

from typing import Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from socialai.actions import sites as actions
from socialai.domain.web_site import PageState
from socialai.errors import Conflict, InvalidInput
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.knowledge_tabs import tabs
from socialai.routes.pages.render import Context, go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import site_pages, sites

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
SCHEDULES = {"": "only when I say so", "24": "every day", "168": "every week", "720": "every month"}
PAGE_STATES: dict[PageState, str] = {
    "waiting": "to be read",
    "read": "read",
    "unchanged": "as before",
    "skipped": "left out",
    "failed": "not reached",
    "gone": "gone",
}


@get("/knowledge/sites", opt=_READ, sync_to_thread=True)
def knowledge_sites(request: Asked) -> Response[Any]:
    return _all(request, {"url": "", "whole": "on", "every_hours": "168"})


@post("/knowledge/sites", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_knowledge_site(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    url, whole = form.text(data, "url"), form.text(data, "whole") == "on"
    try:
        made = actions.add(hub(request), request.user, url, whole=whole, every_hours=_hours(data))
    except (InvalidInput, Conflict) as error:
        typed = {"url": url, "whole": form.text(data, "whole"), "every_hours": form.text(data, "every_hours")}
        return _all(request, typed, str(error))
    return go(request, f"/knowledge/sites/{made.id}")


@get("/knowledge/sites/{site_id:int}", opt=_READ, sync_to_thread=True)
def knowledge_site(request: Asked, site_id: Id) -> Response[Any]:
    context = database(request).read(
        lambda db: {
            "site": sites.get(db, site_id),
            "progress": sites.progress(db, site_id),
            "pages": site_pages.pages(db, site_id),
        }
    )
    context |= {"schedules": SCHEDULES, "page_states": PAGE_STATES}
    if is_partial(request):
        return part("knowledge/_site.html", context)
    return page(request, "knowledge/site.html", "Web site", {**context, **tabs(request, "sites")})


@post("/knowledge/sites/{site_id:int}/read", opt=_WRITE, status_code=200, sync_to_thread=True)
def read_knowledge_site(request: Asked, site_id: Id) -> Response[Any]:
    actions.read_again(hub(request), request.user, site_id)
    return go(request, f"/knowledge/sites/{site_id}")


@post("/knowledge/sites/{site_id:int}/schedule", opt=_WRITE, status_code=200, sync_to_thread=True)
def schedule_knowledge_site(
    request: Asked, site_id: Id, data: URLEncodedBody[dict[str, Any]]
) -> Response[Any]:
    actions.set_schedule(hub(request), request.user, site_id, _hours(data))
    return go(request, f"/knowledge/sites/{site_id}")


@post("/knowledge/sites/{site_id:int}/delete", opt=_WRITE, status_code=200, sync_to_thread=True)
def delete_knowledge_site(request: Asked, site_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    actions.remove(hub(request), request.user, site_id, with_articles=form.is_on(data, "with_articles"))
    return go(request, "/knowledge/sites")


def _all(request: Asked, typed: dict[str, str], error: str = "") -> Response[Any]:
    context: Context = {
        "sites": database(request).read(sites.sites),
        "typed": typed,
        "error": error,
        "schedules": SCHEDULES,
        **tabs(request, "sites"),
    }
    if is_partial(request) and not error:
        return part("knowledge/_sites.html", context)
    return page(request, "knowledge/sites.html", "Web sites", context, 400 if error else 200)


def _hours(data: form.Values) -> int | None:
    """One of those that are offered."""
    given = form.text(data, "every_hours")
    return int(given) if given in SCHEDULES and given else None


HANDLERS = [
    knowledge_sites,
    add_knowledge_site,
    knowledge_site,
    read_knowledge_site,
    schedule_knowledge_site,
    delete_knowledge_site,
]
