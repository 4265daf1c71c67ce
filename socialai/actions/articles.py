"""What a person does with the tenant's knowledge: add, upload, change, remove, look something up."""

import sqlite3
from collections.abc import Callable
from functools import partial

from socialai.actions.thinking import tools
from socialai.context import App
from socialai.domain.knowledge import ALWAYS, Article, ArticleKind, Hit, Origin, Validity
from socialai.errors import InvalidInput
from socialai.knowledge.readers.read import read
from socialai.security.permissions import Principal
from socialai.store import articles, gaps, site_pages, users

_LONGEST_QUESTION = 4000


def add(
    app: App,
    who: Principal,
    title: str,
    kind: ArticleKind,
    text: str,
    source: str = "",
    *,
    origin: Origin = "text",
    validity: Validity = ALWAYS,
    gap_id: int | None = None,
    then: Callable[[sqlite3.Connection, int], None] | None = None,
) -> Article:
    """Keep it and have it indexed; found a moment later. Conflict when it is there already. `gap_id` is what
    it shall close; `then` is done with it, or neither is."""
    make = partial(
        articles.add,
        title=title,
        kind=kind,
        text=text,
        source=source or f"written by {who.name}",
        now=app.clock(),
        origin=origin,
        owner_id=who.user_id or None,
        validity=validity,
    )

    def run(db: sqlite3.Connection) -> Article:
        article = make(db)
        if gap_id is not None:
            gaps.set_article(db, gap_id, article.id)
        if then is not None:
            then(db, article.id)
        return article

    return _indexed(app, who, app.files.tenant(who.tenant_id).write(run))


def upload(app: App, who: Principal, name: str, data: bytes) -> Article:
    """A file's text as an article; InvalidInput says what is wrong with the file."""
    document = read(data, name)
    return add(app, who, document.title, document.kind, document.text, name, origin="file")


def change(app: App, who: Principal, article_id: int, title: str, text: str) -> Article:
    now = app.clock()
    article = app.files.tenant(who.tenant_id).write(
        lambda db: articles.update(db, article_id, title=title, text=text, now=now)
    )
    return _indexed(app, who, article)


def set_details(
    app: App, who: Principal, article_id: int, validity: Validity, owner_id: int | None
) -> Article:
    """When it answers, and who looks after it: someone of the tenant's team, or nobody."""
    if owner_id is not None:
        app.files.app.read(lambda db: users.get(db, who.tenant_id, owner_id))
    now = app.clock()
    article = app.files.tenant(who.tenant_id).write(
        lambda db: articles.set_details(db, article_id, validity, owner_id, now)
    )
    app.feed.tell(who.tenant_id, "knowledge", article_id)
    return article


def keep(app: App, who: Principal, article_id: int) -> None:
    """Its web page is gone, and yet it holds: it is the tenant's own from now on."""

    def run(db: sqlite3.Connection) -> None:
        articles.get(db, article_id)
        articles.detach(db, article_id)
        site_pages.let_go(db, article_id)

    app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "knowledge", article_id)


def remove(app: App, who: Principal, article_id: int) -> None:
    app.files.tenant(who.tenant_id).write(lambda db: articles.delete(db, article_id))
    app.feed.tell(who.tenant_id, "knowledge", article_id)


def look_up(app: App, who: Principal, question: str, limit: int) -> list[Hit]:
    """The best hits first. Raises ModelError when the encoder cannot work."""
    if not 0 < len(question.strip()) <= _LONGEST_QUESTION:
        raise InvalidInput(f"Ask for something, in at most {_LONGEST_QUESTION} characters.")
    use = tools(app, who.tenant_id)
    return use.search(question, use.encode([question])[0], limit)


def _indexed(app: App, who: Principal, article: Article) -> Article:
    if article.indexed_at is None:
        app.tasks.wake("index", who.tenant_id, article.id)
    app.feed.tell(who.tenant_id, "knowledge", article.id)
    return article
