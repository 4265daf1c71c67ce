"""Make what an article says findable."""

from datetime import datetime

from socialai.errors import NotFound
from socialai.knowledge.index import Encode, build
from socialai.store import articles
from socialai.store.db import Database


def index(db: Database, encode: Encode, article_id: int, now: datetime) -> None:
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
