"""Make what an article says findable."""

from datetime import datetime

from socialai.context import App
from socialai.errors import NotFound
from socialai.knowledge.index import Encode, build
from socialai.store import articles, tenants
from socialai.store.db import Database


def index(app: App, tenant_id: str, article_id: int) -> None:
    use_encoder(app, tenant_id)
    index_article(app.files.tenant(tenant_id), app.models.encode, article_id, app.clock())
    app.feed.tell(tenant_id, "knowledge", article_id)


def use_encoder_everywhere(app: App) -> None:
    """After an upgrade of the encoder, what the old one indexed is indexed again."""
    for tenant in app.files.app.read(tenants.tenants):
        use_encoder(app, tenant.id)


def use_encoder(app: App, tenant_id: str) -> None:
    database, version = app.files.tenant(tenant_id), app.models.versions()["encoder"]
    if database.write(lambda db: articles.use_encoder(db, version)):
        for article_id in database.read(articles.unindexed):
            app.tasks.wake("index", tenant_id, article_id)


def index_article(db: Database, encode: Encode, article_id: int, now: datetime) -> None:
    """Nothing when it is indexed or gone. After a ModelError it still waits, for `sweep` to wake it again.

    An article that was changed while its vectors were made stays waiting too.
    """
    try:
        article = db.read(lambda c: articles.get(c, article_id))
    except NotFound:
        return
    if article.indexed_at:
        return
    if found := build(encode, article):
        db.write(lambda c: articles.replace_chunks(c, article, found, now))
    else:
        db.write(lambda c: articles.set_index_error(c, article_id, "There are no words in it to find."))
