"""What is remembered of a contact: read, put right, forgotten."""

import sqlite3
from datetime import datetime

from litestar import Router, delete, get, patch, post
from litestar.params import JSONBody
from msgspec import Struct

from socialai.actions import memory as actions
from socialai.domain.memory import Detail, DetailKind, DetailValue, Recap
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import Id
from socialai.store import contacts, details, recaps

_READ, _WRITE = needs("conversations:read"), needs("conversations:write")


class Memory(Struct):
    """`recaps` tell in short what was said before the messages that the assistant reads. Nothing said before
    `forgotten_at` is remembered."""

    details: list[Detail]
    recaps: list[Recap]
    forgotten_at: datetime | None


class NewDetail(Struct, forbid_unknown_fields=True):
    kind: DetailKind
    value: DetailValue


class ChangedDetail(Struct, forbid_unknown_fields=True):
    value: DetailValue


@get("/contacts/{contact_id:int}/memory", opt=_READ, sync_to_thread=True)
def read_memory(request: Asked, contact_id: Id) -> Memory:
    """What they told of themselves, each with the message it is from, and their conversations in short."""
    return database(request).read(lambda db: _memory(db, contact_id))


@post("/contacts/{contact_id:int}/memory", opt=_WRITE, sync_to_thread=True)
def add_detail(request: Asked, contact_id: Id, data: JSONBody[NewDetail]) -> Detail:
    """Write something down of a contact."""
    return actions.add(hub(request), request.user, contact_id, data.kind, data.value)


@post("/contacts/{contact_id:int}/forget", opt=_WRITE, status_code=200, sync_to_thread=True)
def forget_contact(request: Asked, contact_id: Id) -> Memory:
    """Forget all that is remembered, and the e-mail address and phone number they wrote; messages stay."""
    actions.forget_all(hub(request), request.user, contact_id)
    return database(request).read(lambda db: _memory(db, contact_id))


@patch("/memory/{detail_id:int}", opt=_WRITE, sync_to_thread=True)
def change_detail(request: Asked, detail_id: Id, data: JSONBody[ChangedDetail]) -> Detail:
    """Put it right."""
    return actions.change(hub(request), request.user, detail_id, data.value)


@delete("/memory/{detail_id:int}", opt=_WRITE, sync_to_thread=True)
def forget_detail(request: Asked, detail_id: Id) -> None:
    """Forget this one."""
    actions.forget_one(hub(request), request.user, detail_id)


def _memory(db: sqlite3.Connection, contact_id: int) -> Memory:
    contact = contacts.get(db, contact_id)
    return Memory(details.details(db, contact_id), recaps.of_contact(db, contact_id), contact.forgotten_at)


router = Router(
    "/",
    route_handlers=[read_memory, add_detail, forget_contact, change_detail, forget_detail],
    tags=["conversations"],
)
