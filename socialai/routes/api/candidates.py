"""Suggestions: questions that a person answered, which a person may make an article."""

from typing import Annotated

from litestar import Router, get, post
from litestar.params import FromQuery, JSONBody
from msgspec import Meta, Struct

from socialai.actions import candidates as actions
from socialai.domain.candidate import Candidate, CandidateState
from socialai.domain.knowledge import Article
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Id, Limit, Page, after, page
from socialai.store import candidates

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")


class Approval(Struct, forbid_unknown_fields=True):
    """As it shall be: the suggestion's own text, or another."""

    question: Annotated[str, Meta(min_length=1, max_length=2000)]
    answer: Annotated[str, Meta(min_length=1, max_length=20_000)]


@get("/", opt=_READ, sync_to_thread=True)
def read_candidates(
    request: Asked, which: FromQuery[CandidateState] = "waiting", cursor: Cursor = None, limit: Limit = 50
) -> Page[Candidate]:
    """Newest first. `removed` says what was taken out, by its kind."""
    seen = after(cursor, BY_ID)
    found = database(request).read(lambda db: candidates.candidates(db, which, before=seen, limit=limit + 1))
    return page(found, limit, lambda last: last.id)


@post("/{candidate_id:int}/approve", opt=_WRITE, sync_to_thread=True)
def approve_candidate(request: Asked, candidate_id: Id, data: JSONBody[Approval]) -> Article:
    """It becomes an article."""
    return actions.approve(hub(request), request.user, candidate_id, data.question, data.answer)


@post("/{candidate_id:int}/reject", opt=_WRITE, status_code=200, sync_to_thread=True)
def reject_candidate(request: Asked, candidate_id: Id) -> Candidate:
    """It is not suggested again."""
    return actions.reject(hub(request), request.user, candidate_id)


router = Router(
    "/candidates", route_handlers=[read_candidates, approve_candidate, reject_candidate], tags=["knowledge"]
)
