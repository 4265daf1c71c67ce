"""Sentences of two articles that give different numbers for the same thing, side by side."""

from typing import Any

from litestar import Response, get, post

from socialai.actions import contradictions as actions
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.knowledge_tabs import tabs
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import contradictions

_PLACE = "/knowledge/contradictions"


@get(_PLACE, opt=needs("knowledge:read"), sync_to_thread=True)
def knowledge_contradictions(request: Asked) -> Response[Any]:
    context = {"contradictions": database(request).read(contradictions.contradictions)}
    if is_partial(request):
        return part("knowledge/_contradictions.html", context)
    context |= tabs(request, "contradictions")
    return page(request, "knowledge/contradictions.html", "Contradictions", context)


@post(
    "/knowledge/contradictions/{contradiction_id:int}/dismiss",
    opt=needs("knowledge:write"),
    status_code=200,
    sync_to_thread=True,
)
def dismiss_knowledge_contradiction(request: Asked, contradiction_id: Id) -> Response[Any]:
    actions.dismiss(hub(request), request.user, contradiction_id)
    return go(request, _PLACE)


HANDLERS = [knowledge_contradictions, dismiss_knowledge_contradiction]
