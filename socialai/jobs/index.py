"""Make what an article says findable."""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from socialai.context import App
from socialai.domain.knowledge import Article
from socialai.errors import NotFound
from socialai.knowledge.index import FORM, Encode, build
from socialai.store import articles, gaps, spare_vectors, tenants
from socialai.store.db import Database

Detect = Callable[[str], str]
"""A text → the code of its language, '' when it cannot be told."""


def index(app: App, tenant_id: str, article_id: int) -> None:
    use_encoder(app, tenant_id)
    database, models = app.files.tenant(tenant_id), app.models
    index_article(
        database, models.encode_knowledge, article_id, app.clock(), lambda text: models.language(text).code
    )
    app.feed.tell(tenant_id, "knowledge", article_id)
    app.tasks.wake("compare", tenant_id, article_id)
    if database.read(lambda db: gaps.has_article(db, article_id)):
        app.tasks.wake("gather", tenant_id, 0)


def use_encoder_everywhere(app: App) -> None:
    """After an upgrade of the encoder, what the old one indexed is indexed again."""
    for tenant in app.files.app.read(tenants.tenants):
        use_encoder(app, tenant.id)


def use_encoder(app: App, tenant_id: str) -> None:
    database, version = app.files.tenant(tenant_id), f"{app.models.knowledge_version()}/{FORM}"
    if database.write(lambda db: articles.use_encoder(db, version)):
        for article_id in database.read(articles.unindexed):
            app.tasks.wake("index", tenant_id, article_id)


def index_article(
    db: Database, encode: Encode, article_id: int, now: datetime, detect: Detect | None = None
) -> None:
    """Nothing when it is indexed or gone. After a ModelError it still waits, for `sweep` to wake it again.

    An article that was changed while its vectors were made stays waiting too.
    """
    try:
        article = db.read(lambda c: articles.get(c, article_id))
    except NotFound:
        return
    if article.indexed_at:
        return
    found = build(encode, article, db.read(lambda c: spare_vectors.vectors(c, article_id)))
    language = detect(_prose(article)) if detect else article.language

    def keep(c: sqlite3.Connection) -> None:
        if not found:
            articles.set_index_error(c, article_id, "There are no words in it to find.")
        elif articles.replace_chunks(c, article, found, now):
            articles.set_language(c, article_id, language)

    db.write(keep)


def _prose(article: Article) -> str:
    """What says most of its language: its longest line after its title."""
    return f"{article.title}\n{max(article.text.splitlines(), key=len, default='')}"
