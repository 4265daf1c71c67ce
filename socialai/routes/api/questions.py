"""Search the knowledge, and ask what the hub would answer."""

from typing import Annotated

from litestar import Router, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from socialai.actions.articles import look_up
from socialai.actions.thinking import Answer, ask
from socialai.domain.knowledge import Hit
from socialai.routes.access import Asked, hub, needs
from socialai.routes.paging import Page

_Asked = Annotated[str, QueryParameter(min_length=1, max_length=4000, description="What to look for.")]
_Most = Annotated[int, QueryParameter(ge=1, le=50)]


class Question(Struct, forbid_unknown_fields=True):
    """`platform` decides how long the reply may be."""

    question: Annotated[str, Meta(min_length=1, max_length=4000)]
    platform: Annotated[str, Meta(min_length=1, max_length=40)] = "facebook"


@get("/search", opt=needs("knowledge:read"), sync_to_thread=True)
def search(request: Asked, q: _Asked, limit: _Most = 6) -> Page[Hit]:
    """The best hits of hybrid search first, each with its scores."""
    return Page(look_up(hub(request), request.user, q, limit))


@post("/ask", opt=needs("knowledge:read"), status_code=200, sync_to_thread=True)
def answer(request: Asked, data: JSONBody[Question]) -> Answer:
    """What would be answered, and why. Nothing is kept or sent."""
    return ask(hub(request), request.user.tenant_id, data.question, data.platform)


router = Router("/", route_handlers=[search, answer], tags=["knowledge"])
