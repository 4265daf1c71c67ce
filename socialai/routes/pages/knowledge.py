"""What the tenant knows: its articles, adding them by hand or as files, and trying the search."""

import sqlite3
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromQuery, MultipartBody, QueryParameter, URLEncodedBody
from msgspec import Struct

from socialai.actions import articles as actions
from socialai.domain.knowledge import SOON, ArticleKind, ArticleState
from socialai.domain.language import language_name
from socialai.errors import Conflict, InvalidInput, ModelError, NotFound
from socialai.inference.masking import Mask
from socialai.knowledge.faq import Pair, write_pairs
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.inbox_list import number
from socialai.routes.pages.knowledge_form import STATES, article_form, entered, known, validity
from socialai.routes.pages.knowledge_tabs import tabs
from socialai.routes.pages.person import team
from socialai.routes.pages.render import Context, go, is_partial, page, part
from socialai.routes.paging import Whole
from socialai.store import articles, gaps, policies

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_Words = Annotated[str, QueryParameter(max_length=2000)]
STEP = 50
_HITS = 8


class Wanted(Struct, frozen=True):
    words: str = ""
    state: ArticleState = "all"
    language: str = ""
    shown: int = STEP


class Uploaded(Struct, frozen=True):
    """`article_id` is None when the file could not be taken; `error` says why."""

    name: str
    article_id: int | None = None
    title: str = ""
    error: str = ""


@get("/knowledge", opt=_READ, sync_to_thread=True)
def knowledge(
    request: Asked,
    words: _Words = "",
    which: _Words = "",
    language: _Words = "",
    shown: FromQuery[int] = STEP,
) -> Response[Any]:
    shown = min(5000, max(STEP, shown))
    context = _listing(request, Wanted(words, known(which), language, shown))
    if is_partial(request):
        return part("knowledge/_articles.html", context)
    return page(request, "knowledge", "Knowledge", {**context, **tabs(request, "articles"), "uploads": []})


@get("/knowledge/search", opt=_READ, sync_to_thread=True)
def search_knowledge(request: Asked, q: _Words = "") -> Response[Any]:
    try:
        hits = actions.look_up(hub(request), request.user, q, _HITS) if q.strip() else []
    except (ModelError, InvalidInput) as error:
        return part("knowledge/_hits.html", {"q": q, "hits": [], "error": str(error), "least": 0.0})
    least = database(request).read(policies.get).evidence
    return part("knowledge/_hits.html", {"q": q, "hits": hits, "error": "", "least": least})


@get("/knowledge/new", opt=_WRITE, sync_to_thread=True)
def new_article(
    request: Asked, kind: FromQuery[str] = "text", gap: FromQuery[Whole | None] = None
) -> Response[Any]:
    if gap is not None:
        return article_form(request, "faq", _for_gap(request, gap))
    empty = {**entered({}), "pairs": [Pair("", "")]}
    return article_form(request, "faq" if kind == "faq" else "text", empty)


@get("/knowledge/pair", opt=_WRITE, sync_to_thread=True)
def another_pair(request: Asked) -> Response[Any]:
    return part("knowledge/_pair.html", {"pair": Pair("", "")})


@post("/knowledge", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_text(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    pairs = _pairs(data)
    kind: ArticleKind = "faq" if form.text(data, "kind") == "faq" else "text"
    text = write_pairs(pairs) if kind == "faq" else form.text(data, "text")
    try:
        actions.add(
            hub(request),
            request.user,
            form.text(data, "title"),
            kind,
            text,
            validity=validity(data),
            gap_id=number(form.text(data, "gap_id")),
        )
    except (InvalidInput, Conflict, NotFound) as error:
        return article_form(request, kind, entered(data) | {"pairs": pairs or [Pair("", "")]}, error)
    return go(request, "/knowledge/gaps" if form.text(data, "gap_id") else "/knowledge")


@post("/knowledge/files", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_files(request: Asked, data: MultipartBody[dict[str, Any]]) -> Response[Any]:
    sent = data.get("files", [])
    files = [file for file in (sent if isinstance(sent, list) else [sent]) if isinstance(file, UploadFile)]
    uploads = [_upload(request, file) for file in files]
    if is_partial(request):
        return part("knowledge/_uploads.html", {"uploads": uploads})
    return go(request, "/knowledge")


def _listing(request: Asked, wanted: Wanted) -> Context:
    app = hub(request)
    now = app.clock()

    def read(db: sqlite3.Connection) -> Context:
        found = articles.articles(
            db,
            limit=wanted.shown + 1,
            query=wanted.words,
            state=wanted.state,
            language=wanted.language,
            now=now,
        )
        return {
            "articles": found[: wanted.shown],
            "has_more": len(found) > wanted.shown,
            "wanted": wanted,
            "states": STATES,
            "counts": articles.counts(db),
            "warnings": articles.warnings(db, now),
            "languages": {code: language_name(code) for code in articles.languages(db)},
        }

    names = team(app, request.user.tenant_id)
    return {**database(request).read(read), "names": names, "now": now, "soon": now + SOON}


def _for_gap(request: Asked, gap_id: int) -> dict[str, Any]:
    """What was asked as the question, without what tells who asked."""
    gap = database(request).read(lambda db: gaps.get(db, gap_id))
    question = " ".join(Mask().hide(gap.question).split())
    typed = {**entered({}), "title": question[: articles.MAX_TITLE], "gap_id": str(gap.id)}
    return {**typed, "pairs": [Pair(question, "")]}


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
]
