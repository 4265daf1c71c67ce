"""Suggestions: questions that a person answered, each approved, changed or rejected by a person."""

from typing import Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from socialai.actions import candidates as actions
from socialai.errors import Conflict, InvalidInput
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.knowledge_tabs import tabs
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import candidates

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_PLACE = "/knowledge/suggestions"
_SHOWN = 50


@get(_PLACE, opt=_READ, sync_to_thread=True)
def knowledge_candidates(request: Asked) -> Response[Any]:
    return _all(request)


@post("/knowledge/suggestions/{candidate_id:int}/approve", opt=_WRITE, status_code=200, sync_to_thread=True)
def approve_knowledge_candidate(
    request: Asked, candidate_id: Id, data: URLEncodedBody[dict[str, Any]]
) -> Response[Any]:
    question, answer = form.text(data, "question"), form.text(data, "answer")
    try:
        actions.approve(hub(request), request.user, candidate_id, question, answer)
    except (InvalidInput, Conflict) as error:
        return _all(request, {candidate_id: (question, answer)}, str(error))
    return go(request, _PLACE)


@post("/knowledge/suggestions/{candidate_id:int}/reject", opt=_WRITE, status_code=200, sync_to_thread=True)
def reject_knowledge_candidate(request: Asked, candidate_id: Id) -> Response[Any]:
    actions.reject(hub(request), request.user, candidate_id)
    return go(request, _PLACE)


def _all(request: Asked, typed: dict[int, tuple[str, str]] | None = None, error: str = "") -> Response[Any]:
    found = database(request).read(lambda db: candidates.candidates(db, limit=_SHOWN))
    context = {"candidates": found, "typed": typed or {}, "error": error}
    if is_partial(request) and not error:
        return part("knowledge/_candidates.html", context)
    status = 400 if error else 200
    context |= tabs(request, "suggestions")
    return page(request, "knowledge/candidates.html", "Suggestions", context, status)


HANDLERS = [knowledge_candidates, approve_knowledge_candidate, reject_knowledge_candidate]
