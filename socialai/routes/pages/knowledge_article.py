"""One article: reading it, changing it, when it applies, deleting it."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import QueryParameter, URLEncodedBody

from socialai.actions import articles as actions
from socialai.domain.language import language_name
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.knowledge_form import article_form, entered, of_article, owner, validity
from socialai.routes.pages.knowledge_quote import marked
from socialai.routes.pages.person import team
from socialai.routes.pages.render import go, page
from socialai.routes.paging import Id
from socialai.store import articles

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_Words = Annotated[str, QueryParameter(max_length=2000)]


@get("/knowledge/{article_id:int}", opt=_READ, sync_to_thread=True)
def article(request: Asked, article_id: Id, quote: _Words = "") -> Response[Any]:
    found = database(request).read(lambda db: articles.get(db, article_id))
    app = hub(request)
    context = {
        "article": found,
        "pieces": marked(found.text, quote),
        "now": app.clock(),
        "owner": team(app, request.user.tenant_id).get(found.owner_id or 0),
        "language": language_name(found.language),
    }
    return page(request, "knowledge/article.html", found.title, context)


@get("/knowledge/{article_id:int}/edit", opt=_WRITE, sync_to_thread=True)
def edit_article(request: Asked, article_id: Id) -> Response[Any]:
    found = database(request).read(lambda db: articles.get(db, article_id))
    return article_form(request, found.kind, of_article(found), article_id=article_id)


@post("/knowledge/{article_id:int}", opt=_WRITE, status_code=200, sync_to_thread=True)
def save_article(request: Asked, article_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    title, text = form.text(data, "title"), form.text(data, "text")
    found = database(request).read(lambda db: articles.get(db, article_id))
    try:
        actions.set_details(hub(request), request.user, article_id, validity(data), owner(data))
        actions.change(hub(request), request.user, article_id, title, text)
    except (InvalidInput, Conflict, NotFound) as error:
        return article_form(request, found.kind, entered(data), error, article_id=article_id)
    return go(request, f"/knowledge/{article_id}")


@post("/knowledge/{article_id:int}/delete", opt=_WRITE, status_code=200, sync_to_thread=True)
def delete_article(request: Asked, article_id: Id) -> Response[Any]:
    actions.remove(hub(request), request.user, article_id)
    return go(request, "/knowledge")


@post("/knowledge/{article_id:int}/keep", opt=_WRITE, status_code=200, sync_to_thread=True)
def keep_article(request: Asked, article_id: Id) -> Response[Any]:
    """Its web page is gone, and yet it holds."""
    actions.keep(hub(request), request.user, article_id)
    return go(request, f"/knowledge/{article_id}")


HANDLERS = [article, edit_article, save_article, delete_article, keep_article]
