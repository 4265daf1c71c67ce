"""What customers asked and nothing in the knowledge answered."""

from litestar import Router, get, post
from litestar.params import FromQuery

from socialai.actions import gaps as actions
from socialai.domain.gap import Gap, GapState, GapSummary
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Id, Limit, Page, after, page
from socialai.store import gaps

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")


@get("/", opt=_READ, sync_to_thread=True)
def read_gaps(
    request: Asked, which: FromQuery[GapState] = "open", cursor: Cursor = None, limit: Limit = 50
) -> Page[GapSummary]:
    """Asked most often first, each with its newest questions. An article with its `gap_id` closes a gap."""
    seen = after(cursor, BY_ID) or 0
    found = database(request).read(lambda db: gaps.gaps(db, which, after=seen, limit=limit + 1))
    return page(found, limit, lambda _: seen + limit)


@post("/{gap_id:int}/dismiss", opt=_WRITE, status_code=200, sync_to_thread=True)
def dismiss_gap(request: Asked, gap_id: Id) -> Gap:
    """It needs no article."""
    return actions.dismiss(hub(request), request.user, gap_id)


@post("/{gap_id:int}/reopen", opt=_WRITE, status_code=200, sync_to_thread=True)
def reopen_gap(request: Asked, gap_id: Id) -> Gap:
    """It needs one after all."""
    return actions.reopen(hub(request), request.user, gap_id)


router = Router("/gaps", route_handlers=[read_gaps, dismiss_gap, reopen_gap], tags=["knowledge"])
