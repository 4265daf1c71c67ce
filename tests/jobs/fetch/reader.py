"""acme reads a shop's site; bells ring by the test's clock."""

from collections.abc import Callable
from dataclasses import replace

from socialai.context import App
from socialai.domain.knowledge import ArticleSummary
from socialai.domain.web_site import PageState, Site, SitePage
from socialai.jobs.fetch import fetch
from socialai.store import articles, site_pages, sites
from socialai.store.db import Database
from tests import cast
from tests.jobs.desk import Bells
from tests.knowledge.web import site as web

PAGE = (
    "<html><head><title>{0}</title></head><body><nav>Menu {1}</nav>"
    "<main><h1>{0}</h1><p>{2}</p>{1}</main></body>"
)


def page(title: str, text: str, *links: str) -> str:
    return PAGE.format(title, "".join(f'<a href="{link}">{link}</a> ' for link in links), text)


class Reader:
    def __init__(self, app: App, clock: cast.Clock, shop: web.Site) -> None:
        self.bells = Bells(clock)
        self.app = replace(app, tasks=self.bells)
        self.clock = clock
        self.shop = shop
        self.db: Database = app.files.tenant("acme")
        self.id = 0

    def read(self, url: str = "", *, whole: bool = True, every_hours: int | None = None) -> Site:
        """From the first bell to the last."""
        url = url or self.shop.url
        add: Callable[..., Site] = sites.add
        added = self.db.write(
            lambda db: add(db, url, self.clock(), whole=whole, every_hours=every_hours, owner_id=1)
        )
        self.id = added.id
        fetch(self.app, "acme", self.id)
        return self.run()

    def again(self) -> Site:
        self.clock.wait(hours=1)
        self.db.write(lambda db: sites.read_again(db, self.id, self.clock()))
        fetch(self.app, "acme", self.id)
        return self.run()

    def run(self) -> Site:
        while bell := self.bells.take(self.clock.now.replace(year=2030)):
            if bell[0] == "fetch":
                fetch(self.app, "acme", bell[2])
        return self.db.read(lambda db: sites.get(db, self.id))

    @property
    def states(self) -> dict[str, PageState]:
        return {page.url.removeprefix(self.shop.url[:-1]): page.state for page in self.pages}

    @property
    def pages(self) -> list[SitePage]:
        return self.db.read(lambda db: site_pages.pages(db, self.id))

    @property
    def reasons(self) -> dict[str, str | None]:
        return {page.url.removeprefix(self.shop.url[:-1]): page.reason for page in self.pages}

    @property
    def articles(self) -> dict[str, ArticleSummary]:
        found = self.db.read(lambda db: articles.articles(db, origin="url"))
        return {article.title: article for article in found}

    def text(self, title: str) -> str:
        return self.db.read(lambda db: articles.get(db, self.articles[title].id)).text
