"""What the tenant knows: its articles, adding them by hand or as files, and trying the search."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromQuery, MultipartBody, QueryParameter, URLEncodedBody
from msgspec import Struct

from socialai.actions import articles as actions
from socialai.domain.knowledge import ArticleKind
from socialai.errors import Conflict, HubError, InvalidInput, ModelError
from socialai.knowledge.faq import Pair, write_pairs
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.knowledge_quote import marked
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import articles, policies

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_Words = Annotated[str, QueryParameter(max_length=2000)]
STEP = 50
_HITS = 8


class Uploaded(Struct, frozen=True):
    """`article_id` is None when the file could not be taken; `error` says why."""

    name: str
    article_id: int | None = None
    title: str = ""
    error: str = ""


@get("/knowledge", opt=_READ, sync_to_thread=True)
def knowledge(request: Asked, words: _Words = "", shown: FromQuery[int] = STEP) -> Response[Any]:
    shown = min(5000, max(STEP, shown))
    found = database(request).read(lambda db: articles.articles(db, limit=shown + 1, query=words))
    context = {
        "articles": found[:shown],
        "has_more": len(found) > shown,
        "shown": shown,
        "words": words,
        "counts": database(request).read(articles.counts),
    }
    if is_partial(request):
        return part("knowledge/_articles.html", context)
    return page(request, "knowledge", "Knowledge", {**context, "uploads": []})


@get("/knowledge/search", opt=_READ, sync_to_thread=True)
def search_knowledge(request: Asked, q: _Words = "") -> Response[Any]:
    try:
        hits = actions.look_up(hub(request), request.user, q, _HITS) if q.strip() else []
    except (ModelError, InvalidInput) as error:
        return part("knowledge/_hits.html", {"q": q, "hits": [], "error": str(error), "least": 0.0})
    least = database(request).read(policies.get).evidence
    return part("knowledge/_hits.html", {"q": q, "hits": hits, "error": "", "least": least})


@get("/knowledge/new", opt=_WRITE, sync_to_thread=True)
def new_article(request: Asked, kind: FromQuery[str] = "text") -> Response[Any]:
    empty = {"title": "", "text": "", "pairs": [Pair("", "")]}
    return _form(request, "faq" if kind == "faq" else "text", empty)


@get("/knowledge/pair", opt=_WRITE, sync_to_thread=True)
def another_pair(request: Asked) -> Response[Any]:
    return part("knowledge/_pair.html", {"pair": Pair("", "")})


@post("/knowledge", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_text(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    pairs = _pairs(data)
    kind: ArticleKind = "faq" if form.text(data, "kind") == "faq" else "text"
    text = write_pairs(pairs) if kind == "faq" else form.text(data, "text")
    try:
        actions.add(hub(request), request.user, form.text(data, "title"), kind, text)
    except (InvalidInput, Conflict) as error:
        entered = {
            "title": form.text(data, "title"),
            "text": form.text(data, "text"),
            "pairs": pairs or [Pair("", "")],
        }
        return _form(request, kind, entered, error)
    return go(request, "/knowledge")


@post("/knowledge/files", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_files(request: Asked, data: MultipartBody[dict[str, Any]]) -> Response[Any]:
    sent = data.get("files", [])
    files = [file for file in (sent if isinstance(sent, list) else [sent]) if isinstance(file, UploadFile)]
    uploads = [_upload(request, file) for file in files]
    if is_partial(request):
        return part("knowledge/_uploads.html", {"uploads": uploads})
    return go(request, "/knowledge")


@get("/knowledge/{article_id:int}", opt=_READ, sync_to_thread=True)
def article(request: Asked, article_id: Id, quote: _Words = "") -> Response[Any]:
    found = database(request).read(lambda db: articles.get(db, article_id))
    context = {"article": found, "pieces": marked(found.text, quote)}
    return page(request, "knowledge/article.html", found.title, context)


@get("/knowledge/{article_id:int}/edit", opt=_WRITE, sync_to_thread=True)
def edit_article(request: Asked, article_id: Id) -> Response[Any]:
    found = database(request).read(lambda db: articles.get(db, article_id))
    return _form(request, found.kind, {"title": found.title, "text": found.text}, article_id=article_id)


@post("/knowledge/{article_id:int}", opt=_WRITE, status_code=200, sync_to_thread=True)
def save_article(request: Asked, article_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    title, text = form.text(data, "title"), form.text(data, "text")
    found = database(request).read(lambda db: articles.get(db, article_id))
    try:
        actions.change(hub(request), request.user, article_id, title, text)
    except (InvalidInput, Conflict) as error:
        return _form(request, found.kind, {"title": title, "text": text}, error, article_id=article_id)
    return go(request, f"/knowledge/{article_id}")


@post("/knowledge/{article_id:int}/delete", opt=_WRITE, status_code=200, sync_to_thread=True)
def delete_article(request: Asked, article_id: Id) -> Response[Any]:
    actions.remove(hub(request), request.user, article_id)
    return go(request, "/knowledge")


def _form(
    request: Asked,
    kind: str,
    entered: dict[str, Any],
    error: HubError | None = None,
    article_id: int | None = None,
) -> Response[Any]:
    title = "Edit article" if article_id else "New questions and answers" if kind == "faq" else "New text"
    context = {"kind": kind, "entered": entered, "error": str(error or ""), "article_id": article_id}
    return page(request, "knowledge/form.html", title, context, 400 if error else 200)


def _pairs(data: form.Values) -> list[Pair]:
    asked, answers = form.several(data, "question"), form.several(data, "answer")
    pairs = (Pair(" ".join(q.split()), a.strip()) for q, a in zip(asked, answers, strict=False))
    return [pair for pair in pairs if pair.question or pair.answer]


def _upload(request: Asked, file: UploadFile) -> Uploaded:
    try:
        added = actions.upload(hub(request), request.user, file.filename, file.file.read())
    except (InvalidInput, Conflict) as error:
        return Uploaded(file.filename, error=str(error))
    return Uploaded(file.filename, added.id, added.title)


HANDLERS = [
    knowledge,
    search_knowledge,
    new_article,
    another_pair,
    add_text,
    add_files,
    article,
    edit_article,
    save_article,
    delete_article,
]
