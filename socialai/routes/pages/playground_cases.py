"""Test cases: questions kept with what a right reply says, asked again whenever the knowledge has changed."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from socialai.actions import cases as actions
from socialai.domain.case import Case, Wanted, summary
from socialai.errors import Conflict, HubError, InvalidInput, NotFound
from socialai.platforms.registry import PLATFORMS
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.playground import WRITERS, tabs
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import articles, cases

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_PLACE = "/playground/cases"
_ONE = "/playground/cases/{case_id:int}"
_TITLES = 500
_VIEWS = {"all": "All", "failing": "Failing", "right": "Right"}
MISTAKES = {
    "obeyed": "It did what the message told it to",
    "must not be said": "It says what it must not",
    "made up an answer": "It answers what your knowledge does not say",
    "answered wrongly": "Its answer lacks a fact",
    "no answer": "It gives no answer",
}


@get(_PLACE, opt=_READ, sync_to_thread=True)
def playground_cases(request: Asked, which: FromQuery[str] = "all") -> Response[Any]:
    kept = database(request).read(cases.cases)
    which = which if which in _VIEWS else "all"
    context = {
        "cases": [case for case in kept if _is_shown(case, which)],
        "sum": summary(kept),
        "which": which,
        "views": _VIEWS,
        "mistakes": MISTAKES,
        "writers": WRITERS,
    }
    if is_partial(request):
        return part("playground/_cases.html", context)
    return page(request, "playground/cases.html", "Test cases", {**context, **tabs(request, "cases")})


@get("/playground/cases.jsonl", opt=_READ, sync_to_thread=True)
def download_cases(request: Asked) -> Response[bytes]:
    lines = actions.as_lines(database(request).read(cases.cases))
    headers = {"content-disposition": 'attachment; filename="test-cases.jsonl"'}
    return Response(lines, media_type="application/x-ndjson", headers=headers)


@get("/playground/cases/new", opt=_WRITE, sync_to_thread=True)
def new_case(request: Asked) -> Response[Any]:
    return _form(request, Wanted("", True, platform=next(iter(PLATFORMS))))


@post(_PLACE, opt=_WRITE, status_code=200, sync_to_thread=True)
def add_case(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    wanted = _typed(data)
    try:
        actions.keep(hub(request), request.user, wanted)
    except (InvalidInput, Conflict, NotFound) as error:
        return _form(request, wanted, error=error)
    return go(request, _PLACE)


@get(_ONE, opt=_WRITE, sync_to_thread=True)
def edit_case(request: Asked, case_id: Id) -> Response[Any]:
    case = database(request).read(lambda db: cases.get(db, case_id))
    return _form(request, case.wanted, case_id)


@post(_ONE, opt=_WRITE, status_code=200, sync_to_thread=True)
def change_case(request: Asked, case_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    wanted = _typed(data)
    try:
        actions.change(hub(request), request.user, case_id, wanted)
    except InvalidInput as error:
        return _form(request, wanted, case_id, error)
    return go(request, _PLACE)


@post(f"{_ONE}/delete", opt=_WRITE, status_code=200, sync_to_thread=True)
def delete_case(request: Asked, case_id: Id) -> Response[Any]:
    actions.remove(hub(request), request.user, case_id)
    return go(request, _PLACE)


@post("/playground/cases/run", opt=_WRITE, status_code=200, sync_to_thread=True)
def run_cases(request: Asked) -> Response[Any]:
    actions.run(hub(request), request.user)
    return go(request, _PLACE)


@post("/playground/cases/stop", opt=_WRITE, status_code=200, sync_to_thread=True)
def stop_cases(request: Asked) -> Response[Any]:
    actions.stop(hub(request), request.user)
    return go(request, _PLACE)


def _is_shown(case: Case, which: str) -> bool:
    return which == "all" or (case.verdict is not None and bool(case.verdict.mistake) == (which == "failing"))


def _typed(data: form.Values) -> Wanted:
    return Wanted(
        question=form.text(data, "question"),
        answerable=form.text(data, "answerable") != "no",
        facts=tuple(form.text(data, "facts").splitlines()),
        must_not=tuple(form.text(data, "must_not").splitlines()),
        article=form.text(data, "article"),
        platform=form.text(data, "platform"),
    )


def _form(
    request: Asked, wanted: Wanted, case_id: int | None = None, error: HubError | None = None
) -> Response[Any]:
    known = database(request).read(lambda db: articles.articles(db, limit=_TITLES))
    context = {
        "wanted": wanted,
        "case_id": case_id,
        "error": str(error or ""),
        "platforms": PLATFORMS,
        "titles": sorted({article.title for article in known}),
        **tabs(request, "cases"),
    }
    title = "New test case" if case_id is None else "Test case"
    return page(request, "playground/case.html", title, context, 400 if error else 200)


HANDLERS = [
    playground_cases,
    download_cases,
    new_case,
    add_case,
    edit_case,
    change_case,
    delete_case,
    run_cases,
    stop_cases,
]
