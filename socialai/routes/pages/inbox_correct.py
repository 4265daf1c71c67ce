"""A person says in the inbox what a message is: one key or one press, and back again."""

from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.params import URLEncodedBody
from msgspec import Meta, Struct

from socialai.actions import corrections, intents
from socialai.context import App
from socialai.domain.correction import Judgement
from socialai.domain.triage import Intent, Mood, Urgency
from socialai.errors import NotFound
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.inbox import refreshed
from socialai.routes.paging import Id
from socialai.security.permissions import Principal, require
from socialai.store import messages
from socialai.store.corrections import find

_WRITE = needs("conversations:write")
_Number = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class CorrectForm(Struct):
    """`own`: the id of one of the tenant's own intents, 0 for none. The rest says what the list shows."""

    message_id: _Number
    intent: Intent | None = None
    mood: Mood | None = None
    urgency: Urgency | None = None
    own: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None
    view: str = ""
    channel: str = ""
    about: str = ""
    q: str = ""
    shown: str = ""
    messages: str = ""


@post("/inbox/{conversation_id:int}/correct", opt=_WRITE, status_code=200, sync_to_thread=True)
def correct(request: Asked, conversation_id: Id, data: URLEncodedBody[CorrectForm]) -> Response[Any]:
    _check_place(request, conversation_id, data.message_id)
    if data.own is None:
        _correct(hub(request), request.user, data)
    else:
        require(request.user, "knowledge:write")
        intents.teach(hub(request), request.user, data.message_id, data.own or None)
    return refreshed(request, msgspec.to_builtins(data), conversation_id)


@post("/inbox/{conversation_id:int}/take-back", opt=_WRITE, status_code=200, sync_to_thread=True)
def take_back(request: Asked, conversation_id: Id, data: URLEncodedBody[CorrectForm]) -> Response[Any]:
    _check_place(request, conversation_id, data.message_id)
    corrections.take_back(hub(request), request.user, data.message_id)
    return refreshed(request, msgspec.to_builtins(data), conversation_id)


def _correct(app: App, who: Principal, said: CorrectForm) -> None:
    """What was corrected before stays so."""
    before = app.files.tenant(who.tenant_id).read(lambda db: find(db, said.message_id))
    kept: Judgement | None = before.meant if before else None
    corrections.correct(
        app,
        who,
        said.message_id,
        intent=said.intent or (kept.intent if kept else None),
        mood=said.mood or (kept.mood if kept else None),
        urgency=said.urgency or (kept.urgency if kept else None),
    )


def _check_place(request: Asked, conversation_id: int, message_id: int) -> None:
    message = database(request).read(lambda db: messages.get(db, message_id))
    if message.conversation_id != conversation_id:
        raise NotFound(f"There is no message {message_id} in this conversation.")


HANDLERS = [correct, take_back]
