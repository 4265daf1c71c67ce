"""What is remembered of the contact, in the panel beside the thread: put right or forgotten there."""

from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.params import URLEncodedBody
from msgspec import Meta, Struct

from socialai.actions import memory as actions
from socialai.domain.memory import DetailKind
from socialai.errors import NotFound
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.inbox import refreshed
from socialai.routes.paging import Id
from socialai.store import conversations, details

_WRITE = needs("conversations:write")
_DETAIL = "/inbox/{conversation_id:int}/memory/{detail_id:int}"


class MemoryForm(Struct):
    """The rest says what the list shows."""

    kind: DetailKind = "preference"
    value: Annotated[str, Meta(max_length=2000)] = ""
    view: str = ""
    channel: str = ""
    about: str = ""
    q: str = ""
    shown: str = ""
    messages: str = ""


@post("/inbox/{conversation_id:int}/memory", opt=_WRITE, status_code=200, sync_to_thread=True)
def remember(request: Asked, conversation_id: Id, data: URLEncodedBody[MemoryForm]) -> Response[Any]:
    actions.add(hub(request), request.user, _contact(request, conversation_id), data.kind, data.value)
    return _shown(request, conversation_id, data)


@post(_DETAIL, opt=_WRITE, status_code=200, sync_to_thread=True)
def change_remembered(
    request: Asked, conversation_id: Id, detail_id: Id, data: URLEncodedBody[MemoryForm]
) -> Response[Any]:
    _check_place(request, conversation_id, detail_id)
    actions.change(hub(request), request.user, detail_id, data.value)
    return _shown(request, conversation_id, data)


@post(f"{_DETAIL}/forget", opt=_WRITE, status_code=200, sync_to_thread=True)
def forget_remembered(
    request: Asked, conversation_id: Id, detail_id: Id, data: URLEncodedBody[MemoryForm]
) -> Response[Any]:
    _check_place(request, conversation_id, detail_id)
    actions.forget_one(hub(request), request.user, detail_id)
    return _shown(request, conversation_id, data)


@post("/inbox/{conversation_id:int}/forget", opt=_WRITE, status_code=200, sync_to_thread=True)
def forget_all(request: Asked, conversation_id: Id, data: URLEncodedBody[MemoryForm]) -> Response[Any]:
    actions.forget_all(hub(request), request.user, _contact(request, conversation_id))
    return _shown(request, conversation_id, data)


def _shown(request: Asked, conversation_id: int, said: MemoryForm) -> Response[Any]:
    return refreshed(request, msgspec.to_builtins(said), conversation_id)


def _contact(request: Asked, conversation_id: int) -> int:
    return database(request).read(lambda db: conversations.get(db, conversation_id)).contact_id


def _check_place(request: Asked, conversation_id: int, detail_id: int) -> None:
    detail = database(request).read(lambda db: details.get(db, detail_id))
    if detail.contact_id != _contact(request, conversation_id):
        raise NotFound(f"There is nothing remembered as {detail_id} of this contact.")


HANDLERS = [remember, change_remembered, forget_remembered, forget_all]
