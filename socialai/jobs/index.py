"""Make what an article says findable."""

from datetime import datetime

from socialai.errors import NotFound
from socialai.knowledge.index import Encode, build
from socialai.store import articles
from socialai.store.db import Database

TRIES = 3


def index(db: Database, encode: Encode, article_id: int, now: datetime) -> None:
    """Does nothing when it is indexed, or gone. A ModelError leaves it waiting, for `sweep` to wake again."""
    for _ in range(TRIES):
        try:
            article = db.read(lambda c: articles.get(c, article_id))
        except NotFound:
            return
        if article.indexed_at:
            return
        found = build(encode, article)
        if not found:
            db.write(lambda c: articles.set_index_error(c, article_id, "There are no words in it to find."))
            return
        if db.write(lambda c: articles.replace_chunks(c, article, found, now)):
            return
