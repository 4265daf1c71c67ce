"""Web sites that the knowledge is read from."""

from typing import Annotated

from litestar import Router, delete, get, post, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from socialai.actions import sites as actions
from socialai.domain.web_site import Site, SitePage, SiteProgress, SiteSummary
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import Id, Page
from socialai.store import site_pages, sites

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
Hours = Annotated[int, Meta(ge=1, le=24 * 365)]


class NewSite(Struct, forbid_unknown_fields=True):
    """`whole`: every page that links lead to, not only this one. `every_hours`: how often it is read."""

    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    whole: bool = True
    every_hours: Hours | None = None


class Schedule(Struct, forbid_unknown_fields=True):
    every_hours: Hours | None


class SitePageOut(Struct):
    """What became of a page, and why."""

    url: str
    state: str
    reason: str | None
    article_id: int | None


class SiteOut(Struct):
    site: Site
    progress: SiteProgress
    pages: list[SitePageOut]


@get("/", opt=_READ, sync_to_thread=True)
def read_sites(request: Asked) -> Page[SiteSummary]:
    """All of them, each with how far its reading is."""
    return Page(database(request).read(sites.sites))


@get("/{site_id:int}", opt=_READ, sync_to_thread=True)
def read_site(request: Asked, site_id: Id) -> SiteOut:
    """One site with its pages."""
    return database(request).read(
        lambda db: SiteOut(
            sites.get(db, site_id),
            sites.progress(db, site_id),
            [_out(page) for page in site_pages.pages(db, site_id)],
        )
    )


@post("/", opt=_WRITE, sync_to_thread=True)
def add_site(request: Asked, data: JSONBody[NewSite]) -> Site:
    """Read a page or a whole site; its pages become articles one by one."""
    return actions.add(hub(request), request.user, data.url, whole=data.whole, every_hours=data.every_hours)


@put("/{site_id:int}", opt=_WRITE, sync_to_thread=True)
def change_site(request: Asked, site_id: Id, data: JSONBody[Schedule]) -> Site:
    """How often it is read again."""
    return actions.set_schedule(hub(request), request.user, site_id, data.every_hours)


@post("/{site_id:int}/read", opt=_WRITE, status_code=204, sync_to_thread=True)
def read_site_again(request: Asked, site_id: Id) -> None:
    """Read it now; only what changed is taken."""
    actions.read_again(hub(request), request.user, site_id)


@delete("/{site_id:int}", opt=_WRITE, sync_to_thread=True)
def remove_site(
    request: Asked,
    site_id: Id,
    with_articles: Annotated[bool, QueryParameter(description="Forget its articles too.")] = False,
) -> None:
    """Read it no more."""
    actions.remove(hub(request), request.user, site_id, with_articles=with_articles)


def _out(page: SitePage) -> SitePageOut:
    return SitePageOut(page.url, page.state, page.reason, page.article_id)


router = Router(
    "/sites",
    route_handlers=[read_sites, read_site, add_site, change_site, read_site_again, remove_site],
    tags=["knowledge"],
)
