"""What customers asked and nothing in the knowledge answered, and writing the article that does."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromQuery, QueryParameter

from socialai.actions import gaps as actions
from socialai.domain.gap import GapState
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.knowledge_tabs import tabs
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.paging import Id
from socialai.store import gaps

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_STEP = 50
_STATES: dict[GapState, str] = {"open": "Unanswered", "answered": "Answered by now", "dismissed": "Dismissed"}


@get("/knowledge/gaps", opt=_READ, sync_to_thread=True)
def knowledge_gaps(
    request: Asked,
    which: Annotated[str, QueryParameter(max_length=20)] = "open",
    shown: FromQuery[int] = _STEP,
) -> Response[Any]:
    state: GapState = next((each for each in _STATES if each == which), "open")
    shown = min(1000, max(_STEP, shown))
    found = database(request).read(lambda db: gaps.gaps(db, state, limit=shown + 1))
    context = {
        "gaps": found[:shown],
        "has_more": len(found) > shown,
        "shown": shown,
        "state": state,
        "states": _STATES,
        "state_counts": database(request).read(gaps.counts),
    }
    if is_partial(request):
        return part("knowledge/_gaps.html", context)
    return page(request, "knowledge/gaps.html", "Unanswered questions", {**context, **tabs(request, "gaps")})


@post("/knowledge/gaps/{gap_id:int}/dismiss", opt=_WRITE, status_code=200, sync_to_thread=True)
def dismiss_knowledge_gap(request: Asked, gap_id: Id) -> Response[Any]:
    actions.dismiss(hub(request), request.user, gap_id)
    return go(request, "/knowledge/gaps")


@post("/knowledge/gaps/{gap_id:int}/reopen", opt=_WRITE, status_code=200, sync_to_thread=True)
def reopen_knowledge_gap(request: Asked, gap_id: Id) -> Response[Any]:
    actions.reopen(hub(request), request.user, gap_id)
    return go(request, "/knowledge/gaps")


HANDLERS = [knowledge_gaps, dismiss_knowledge_gap, reopen_knowledge_gap]
