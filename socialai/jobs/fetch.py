"""Read one page of a web site, then ring again for the next: nobody's message waits behind a whole site."""

import hashlib
import sqlite3
from datetime import datetime, timedelta

from msgspec import Struct

from socialai.context import App
from socialai.domain.web_site import PageState, Site, SitePage
from socialai.errors import Conflict, FetchError, InvalidInput
from socialai.knowledge.readers.document import Document
from socialai.knowledge.web import robots
from socialai.knowledge.web.addresses import resolve
from socialai.knowledge.web.extract import Extracted, extract
from socialai.knowledge.web.fetch import Fetched, Known, Web, get
from socialai.knowledge.web.links import same_site
from socialai.store import articles, site_pages, sites
from socialai.store.db import Job

MAX_DEPTH = 6
_STATES: dict[str, PageState] = {"gone": "gone", "refused": "skipped", "failed": "failed"}
_NOTHING = "It says nothing, or asks not to be kept."
_BY_HAND = "Its article was changed by hand, so it is left as it is."
_DELETED = "Its article was deleted by hand."


class _Next(Struct, frozen=True):
    """What is to do now: an article to index, and the next page, unless this was the last."""

    article_id: int | None = None
    page_in: float | None = None


def fetch(app: App, tenant_id: str, site_id: int) -> None:
    database = app.files.tenant(tenant_id)
    site = database.write(lambda db: sites.claim(db, site_id, app.clock()))
    if site is None:
        return
    try:
        following = database.write(_step(app, tenant_id, site))
    except FetchError as error:
        reason = str(error)
        database.write(lambda db: sites.finish(db, site_id, app.clock(), reason))
        following = _Next()
    if following.article_id is not None:
        app.tasks.wake("index", tenant_id, following.article_id)
    if following.page_in is not None:
        app.tasks.wake("fetch", tenant_id, site_id, following.page_in)
    app.feed.tell(tenant_id, "knowledge")


def _step(app: App, tenant_id: str, site: Site) -> Job[_Next]:
    """Ask the network, then say what to keep of it."""
    now = app.clock()
    if site.robots is None:
        text = robots.read(_web(app), site.url)
        return lambda db: _begin(db, site, text, now)
    page = app.files.tenant(tenant_id).read(lambda db: site_pages.find_waiting(db, site.id))
    if page is None:
        return lambda db: _finish(db, site, now)
    keep = _read(app, site, page)
    pause = max(app.settings.fetch_pause_seconds, robots.rules(site.robots)[1])

    def run(db: sqlite3.Connection) -> _Next:
        article_id = keep(db)
        sites.go_on(db, site.id, now + timedelta(seconds=pause))
        return _Next(article_id, pause)

    return run


def _begin(db: sqlite3.Connection, site: Site, text: str, now: datetime) -> _Next:
    sites.set_robots(db, site.id, text)
    site_pages.add(db, site.id, [site.url], 0, 1)
    sites.go_on(db, site.id, now)
    return _Next(page_in=0.0)


def _finish(db: sqlite3.Connection, site: Site, now: datetime) -> _Next:
    """A site of which nothing could be read says why: what its start page said."""
    progress = sites.progress(db, site.id)
    start = site_pages.pages(db, site.id)[0]
    error = None if progress.read or progress.unchanged else start.reason
    sites.finish(db, site.id, now, error)
    return _Next()


def _web(app: App) -> Web:
    settings = app.settings
    return Web(
        resolve=resolve,
        allowed=frozenset(settings.fetch_private),
        max_bytes=settings.max_page_bytes,
        seconds=settings.fetch_seconds,
    )


def _read(app: App, site: Site, page: SitePage) -> Job[int | None]:
    """What to keep of a page: the id of an article that is to be indexed."""
    now = app.clock()
    try:
        known = Known(page.etag, page.last_modified) if page.article_id else Known()
        fetched = get(_web(app), page.url, lambda url: _check(site, url), known)
        if fetched.data is None or _digest(fetched) == page.body_digest:
            return lambda db: _unchanged(db, page, now)
        found = extract(fetched, with_frame=page.depth == 0)
    except FetchError as error:
        return _unread(page, error, now)
    except InvalidInput as error:
        reason = str(error)
        return lambda db: site_pages.checked(db, page.id, "skipped", now, reason)
    most = app.settings.max_site_pages
    return lambda db: _take(db, site, page, fetched, found, most, now)


def _check(site: Site, url: str) -> None:
    if not same_site(site.url, url):
        raise FetchError(f"It leads to another web site: {url}", "refused")
    if not robots.rules(site.robots or "")[0](url):
        raise FetchError("The web site's robots.txt asks not to read it.", "refused")


def _digest(fetched: Fetched) -> bytes:
    return hashlib.sha256(fetched.data or b"").digest()


def _unchanged(db: sqlite3.Connection, page: SitePage, now: datetime) -> None:
    site_pages.checked(db, page.id, "unchanged" if page.article_id else "skipped", now, page.reason)
    if page.article_id is not None:
        articles.set_gone(db, page.article_id, None)


def _unread(page: SitePage, error: FetchError, now: datetime) -> Job[None]:
    """The article of a page that is gone is marked and stays: a person decides."""
    state = _STATES[error.kind]
    reason = str(error)

    def run(db: sqlite3.Connection) -> None:
        site_pages.checked(db, page.id, state, now, reason)
        if state == "gone" and page.article_id is not None:
            articles.set_gone(db, page.article_id, now)

    return run


def _take(
    db: sqlite3.Connection,
    site: Site,
    page: SitePage,
    fetched: Fetched,
    found: Extracted,
    most: int,
    now: datetime,
) -> int | None:
    if site.whole and page.depth < MAX_DEPTH:
        site_pages.add(db, site.id, found.links, page.depth + 1, most)
    if not site_pages.moved(db, page, fetched.url):
        site_pages.checked(db, page.id, "skipped", now, f"It leads to {fetched.url}")
        return None
    site_pages.seen(db, page.id, _digest(fetched), fetched.known.etag, fetched.known.last_modified)
    if found.document is None:
        site_pages.checked(db, page.id, "skipped", now, _NOTHING)
        return None
    try:
        return _keep(db, site, page, fetched.url, found.document, now)
    except InvalidInput as error:
        site_pages.checked(db, page.id, "skipped", now, str(error))
    except Conflict as error:
        site_pages.checked(db, page.id, "skipped", now, str(error))
    return None


def _keep(
    db: sqlite3.Connection, site: Site, page: SitePage, url: str, document: Document, now: datetime
) -> int | None:
    title, text = document.title, document.text
    if page.article_id is None:
        if page.digest is not None:
            site_pages.checked(db, page.id, "skipped", now, _DELETED)
            return None
        article = articles.add(
            db, title=title, kind=document.kind, text=text, source=url, now=now,
            origin="url", url=url, owner_id=site.owner_id,
        )  # fmt: skip
    else:
        articles.set_gone(db, page.article_id, None)
        if not site_pages.is_as_left(db, page):
            site_pages.checked(db, page.id, "skipped", now, _BY_HAND)
            return None
        before = articles.get(db, page.article_id)
        article = articles.update(db, page.article_id, title=title, text=text, now=now)
        if article == before:
            site_pages.checked(db, page.id, "unchanged", now)
            return None
    site_pages.became(db, page.id, article.id)
    site_pages.checked(db, page.id, "read", now)
    return article.id
