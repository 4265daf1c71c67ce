"""Corrections: say how a message should have been understood; see how good the understanding is."""

from typing import Annotated

from litestar import Router, delete, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from socialai.actions import corrections as actions
from socialai.actions.quality import quality
from socialai.domain.clock import stamp
from socialai.domain.correction import Correction, LearntReport, Quality
from socialai.domain.triage import Intent, Mood, Urgency
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_TIME, Cursor, Id, Limit, Page, after, page
from socialai.store import corrections

_Days = Annotated[int, QueryParameter(ge=1, le=730, description="How far back.")]


class Meant(Struct, forbid_unknown_fields=True):
    """What is left out was understood rightly; an empty object confirms all of it."""

    intent: Intent | None = None
    mood: Mood | None = None
    urgency: Urgency | None = None


@get("/corrections", opt=needs("conversations:read"), sync_to_thread=True)
def read_corrections(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Correction]:
    """Newest first."""
    before = after(cursor, BY_TIME)
    found = database(request).read(lambda db: corrections.corrections(db, before=before, limit=limit + 1))
    return page(found, limit, lambda last: (stamp(last.created_at), last.message_id))


@get("/messages/{message_id:int}/correction", opt=needs("conversations:read"), sync_to_thread=True)
def read_correction(request: Asked, message_id: Id) -> Correction:
    """What a person said of one message."""
    return actions.find(hub(request), request.user, message_id)


@post("/messages/{message_id:int}/correction", opt=needs("conversations:write"), sync_to_thread=True)
def correct_message(request: Asked, message_id: Id, data: JSONBody[Meant]) -> Correction:
    """Say what was meant; the hub learns from it. The last word counts."""
    return actions.correct(
        hub(request), request.user, message_id, intent=data.intent, mood=data.mood, urgency=data.urgency
    )


@delete("/messages/{message_id:int}/correction", opt=needs("conversations:write"), sync_to_thread=True)
def take_correction_back(request: Asked, message_id: Id) -> None:
    """As if nobody had said anything of it."""
    actions.take_back(hub(request), request.user, message_id)


@post("/corrections/learn", opt=needs("settings:write"), status_code=200, sync_to_thread=True)
def learn_corrections(request: Asked) -> LearntReport:
    """Learn now instead of a moment later; refused, with the figures, when it would make anything worse."""
    return actions.learn(hub(request), request.user.tenant_id)


@get("/quality", opt=needs("analytics:read"), sync_to_thread=True)
def read_quality(request: Asked, days: _Days = 90) -> Quality:
    """Agreement over time, what is taken for what, what people write about, how calibrated it is."""
    return quality(hub(request), request.user, days)


router = Router(
    "/",
    route_handlers=[
        read_corrections,
        read_correction,
        correct_message,
        take_correction_back,
        learn_corrections,
        read_quality,
    ],
    tags=["corrections"],
)
