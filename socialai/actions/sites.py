"""What a person does with the web sites that knowledge is read from."""

import sqlite3

from socialai.context import App
from socialai.domain.web_site import Site
from socialai.knowledge.web.links import clean
from socialai.security.permissions import Principal
from socialai.store import articles, site_pages, sites
from socialai.store.db import Job, T


def add(app: App, who: Principal, url: str, *, whole: bool = True, every_hours: int | None = None) -> Site:
    """Its reading begins at once. Raises InvalidInput for what is no address, Conflict when it is there."""
    url, now, owner_id = clean(url), app.clock(), who.user_id or None
    site = _do(
        app,
        who,
        lambda db: sites.add(db, url, now, whole=whole, every_hours=every_hours, owner_id=owner_id),
    )
    app.tasks.wake("fetch", who.tenant_id, site.id)
    return site


def add_or_read_again(
    app: App, who: Principal, url: str, *, whole: bool, every_hours: int | None = None
) -> Site:
    """A site that is known keeps what it was told, its schedule too unless another is given."""
    url = clean(url)
    known = _do(app, who, lambda db: sites.find(db, url))
    if known is None:
        return add(app, who, url, whole=whole, every_hours=every_hours)
    if every_hours is not None:
        set_schedule(app, who, known.id, every_hours)
    read_again(app, who, known.id)
    return _do(app, who, lambda db: sites.get(db, known.id))


def read_again(app: App, who: Principal, site_id: int) -> None:
    now = app.clock()
    _do(app, who, lambda db: sites.read_again(db, site_id, now))
    app.tasks.wake("fetch", who.tenant_id, site_id)


def set_schedule(app: App, who: Principal, site_id: int, every_hours: int | None) -> Site:
    now = app.clock()
    return _do(app, who, lambda db: sites.set_schedule(db, site_id, every_hours, now))


def remove(app: App, who: Principal, site_id: int, *, with_articles: bool) -> None:
    """Its articles go too, or stay as the tenant's own."""

    def run(db: sqlite3.Connection) -> None:
        known = site_pages.pages(db, site_id)
        sites.delete(db, site_id)
        if with_articles:
            for page in known:
                if page.article_id is not None:
                    articles.delete(db, page.article_id)

    _do(app, who, run)


def _do(app: App, who: Principal, run: Job[T]) -> T:
    done = app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "knowledge")
    return done
