"""Sentences of two articles that give different numbers for the same thing."""

from litestar import Router, get, post

from socialai.actions import contradictions as actions
from socialai.domain.contradiction import Contradiction
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Id, Limit, Page, after, page
from socialai.store import contradictions


@get("/", opt=needs("knowledge:read"), sync_to_thread=True)
def read_contradictions(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Contradiction]:
    """Newest first."""
    seen = after(cursor, BY_ID)
    found = database(request).read(lambda db: contradictions.contradictions(db, before=seen, limit=limit + 1))
    return page(found, limit, lambda last: last.id)


@post("/{contradiction_id:int}/dismiss", opt=needs("knowledge:write"), status_code=204, sync_to_thread=True)
def dismiss_contradiction(request: Asked, contradiction_id: Id) -> None:
    """Both are right: not reported again while neither changes."""
    actions.dismiss(hub(request), request.user, contradiction_id)


router = Router(
    "/contradictions", route_handlers=[read_contradictions, dismiss_contradiction], tags=["knowledge"]
)
