"""What a person does with the tenant's knowledge: add, upload, change, remove, look something up."""

from socialai.actions.thinking import tools
from socialai.context import App
from socialai.domain.knowledge import Article, ArticleKind, Hit
from socialai.errors import InvalidInput
from socialai.knowledge.readers.read import read
from socialai.security.permissions import Principal
from socialai.store import articles

_LONGEST_QUESTION = 4000


def add(app: App, who: Principal, title: str, kind: ArticleKind, text: str, source: str = "") -> Article:
    """Keep it and have it indexed; found a moment later. Conflict when it is there already."""
    now, source = app.clock(), source or f"written by {who.name}"
    article = app.files.tenant(who.tenant_id).write(
        lambda db: articles.add(db, title=title, kind=kind, text=text, source=source, now=now)
    )
    return _indexed(app, who, article)


def upload(app: App, who: Principal, name: str, data: bytes) -> Article:
    """A file's text as an article; InvalidInput says what is wrong with the file."""
    document = read(data, name)
    return add(app, who, document.title, document.kind, document.text, name)


def change(app: App, who: Principal, article_id: int, title: str, text: str) -> Article:
    now = app.clock()
    article = app.files.tenant(who.tenant_id).write(
        lambda db: articles.update(db, article_id, title=title, text=text, now=now)
    )
    return _indexed(app, who, article)


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
