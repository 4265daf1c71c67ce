"""A web page, or a whole web site, that the tenant's knowledge is read from."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

SiteState = Literal["waiting", "reading", "done", "failed"]
PageState = Literal["waiting", "read", "unchanged", "skipped", "failed", "gone"]


class Site(Struct, frozen=True):
    """`whole`: every page of it that links lead to, or only this one. `every_hours`: how often it is read
    again; None: only when a person asks. `robots` is what its robots.txt says in this reading."""

    id: int
    url: str
    whole: bool
    state: SiteState
    created_at: datetime
    every_hours: int | None = None
    due_at: datetime | None = None
    robots: str | None = None
    error: str | None = None
    owner_id: int | None = None
    started_at: datetime | None = None
    read_at: datetime | None = None


class SitePage(Struct, frozen=True):
    """`depth`: how many links it is from the start. `digest` is the article's as this page left it: one with
    another digest was changed by a person since."""

    id: int
    site_id: int
    url: str
    depth: int
    state: PageState
    reason: str | None = None
    article_id: int | None = None
    digest: bytes | None = None
    body_digest: bytes | None = None
    etag: str | None = None
    last_modified: str | None = None
    checked_at: datetime | None = None


class SiteProgress(Struct, frozen=True):
    """How many pages are in which state."""

    waiting: int
    read: int
    unchanged: int
    skipped: int
    failed: int
    gone: int

    @property
    def total(self) -> int:
        return self.done + self.waiting

    @property
    def done(self) -> int:
        return self.read + self.unchanged + self.skipped + self.failed + self.gone


class SiteSummary(Struct, frozen=True):
    site: Site
    progress: SiteProgress
