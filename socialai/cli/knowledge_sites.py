"""socialai knowledge read-site: a web site as articles."""

import time
from typing import Annotated

import typer

from socialai.actions import sites as actions
from socialai.cli.options import TenantOption, choose
from socialai.cli.output import Advance, progress, table, warn
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.web_site import Site
from socialai.security.permissions import Principal, operator
from socialai.store import articles, site_pages, sites

_LEAST_PAUSE = 0.01


def read_site(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Where to begin, for example www.example.com.")],
    tenant: TenantOption = None,
    only: Annotated[bool, typer.Option("--only", help="This page alone, not those it links to.")] = False,
    every: Annotated[
        int | None, typer.Option(min=1, max=8760, help="Read it again after so many hours.")
    ] = None,
) -> None:
    """Read a web site into articles, page by page, and index them. Once more: only what changed is taken.

    \b
    socialai knowledge read-site https://www.example.com --every 24
    """
    with program(context).opened() as app:
        who = operator(choose(app, tenant))
        database = app.files.tenant(who.tenant_id)
        site = actions.add_or_read_again(app, who, url, whole=not only, every_hours=every)
        with progress(f"Reading {site.url}") as advance:
            site = _read(app, who, site, advance)
        for article_id in database.read(articles.unindexed):
            app.tasks.run("index", who.tenant_id, article_id)
        pages = database.read(lambda db: site_pages.pages(db, site.id))
    table(("Page", "State", "Reason"), [(page.url, page.state, page.reason) for page in pages], "No page.")
    if site.error:
        warn(site.error)
        raise typer.Exit(1)


def _read(app: App, who: Principal, site: Site, advance: Advance) -> Site:
    """Page after page, at the pace that the site asks for; a hub that runs beside may read some of them."""
    database, site_id = app.files.tenant(who.tenant_id), site.id
    while site.state in ("waiting", "reading"):
        pause = (site.due_at - app.clock()).total_seconds() if site.due_at else 0.0
        time.sleep(max(pause, _LEAST_PAUSE))
        app.tasks.run("fetch", who.tenant_id, site_id)
        site = database.read(lambda db: sites.get(db, site_id))
        advance(1)
    return site
