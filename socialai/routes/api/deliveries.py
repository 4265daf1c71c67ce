"""What came in and what goes out: events, the outbox, dead letters."""

import base64
from typing import Annotated, Any

import msgspec
from litestar import Router, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType

from socialai.actions import dead_letters
from socialai.actions.dead_letters import DeadLetter, Kind
from socialai.domain.event import EventState, EventSummary
from socialai.domain.outbox import OutboxItem, OutboxState
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, BY_RANK, Cursor, Id, Limit, Page, Whole, after, page
from socialai.store import events, outbox

_EVENTS = needs("events:read")
_EventState = Annotated[EventState | None, QueryParameter(name="state")]
_OutboxState = Annotated[OutboxState | None, QueryParameter(name="state")]


class EventBody(Struct):
    """The delivery as it came: `body` when it is JSON, else `base64`."""

    event: EventSummary
    body: Any | UnsetType = UNSET
    base64: str | UnsetType = UNSET


class Letters(Struct, forbid_unknown_fields=True):
    kind: Kind
    ids: Annotated[list[Whole], Meta(min_length=1, max_length=1000)]


class Done(Struct):
    """Those that were dead letters; others are left as they are."""

    ids: list[int]


@get("/events", opt=_EVENTS, sync_to_thread=True)
def read_events(
    request: Asked, wanted: _EventState = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[EventSummary]:
    """Raw deliveries without their bodies, newest first."""
    before = after(cursor, BY_ID)
    found = database(request).read(lambda db: events.summaries(db, wanted, before=before, limit=limit + 1))
    return page(found, limit, lambda last: last.id)


@get("/events/{event_id:int}", opt=_EVENTS, sync_to_thread=True)
def read_event(request: Asked, event_id: Id) -> EventBody:
    """One raw delivery, with its body."""
    event = database(request).read(lambda db: events.get(db, event_id))
    summary = EventSummary(
        event.id,
        event.platform,
        len(event.body),
        event.state,
        event.trace_id,
        event.received_at,
        event.error,
        event.processed_at,
        event.source,
        event.recovered,
    )
    if _is_json(event.body):
        return EventBody(summary, body=msgspec.Raw(event.body))
    return EventBody(summary, base64=base64.b64encode(event.body).decode())


@get("/outbox", opt=_EVENTS, sync_to_thread=True)
def read_outbox(
    request: Asked, wanted: _OutboxState = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[OutboxItem]:
    """What is owed to the outside, newest first."""
    before = after(cursor, BY_ID)
    found = database(request).read(lambda db: outbox.items(db, wanted, before=before, limit=limit + 1))
    return page(found, limit, lambda last: last.id)


@get("/outbox/{item_id:int}", opt=_EVENTS, sync_to_thread=True)
def read_outbox_item(request: Asked, item_id: Id) -> OutboxItem:
    """One message on its way."""
    return database(request).read(lambda db: outbox.get(db, item_id))


@get("/dead-letters", opt=needs("dead_letters:read"), sync_to_thread=True)
def read_dead_letters(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[DeadLetter]:
    """What is no longer tried, newest first."""
    place = after(cursor, BY_RANK) or dead_letters.START
    found = dead_letters.dead_letters(hub(request), request.user.tenant_id, limit + 1, place)
    return page(found, limit, lambda _: dead_letters.place_after(found[:limit], place))


@post("/dead-letters/retry", opt=needs("dead_letters:write"), status_code=200, sync_to_thread=True)
def retry_dead_letters(request: Asked, data: JSONBody[Letters]) -> Done:
    """Try again. A reply counts as sent only with a new id of the platform."""
    return Done(dead_letters.retry(hub(request), request.user.tenant_id, data.kind, data.ids))


@post("/dead-letters/discard", opt=needs("dead_letters:write"), status_code=200, sync_to_thread=True)
def discard_dead_letters(request: Asked, data: JSONBody[Letters]) -> Done:
    """Keep them only as a record."""
    return Done(dead_letters.discard(hub(request), request.user.tenant_id, data.kind, data.ids))


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


router = Router(
    "/",
    route_handlers=[
        read_events,
        read_event,
        read_outbox,
        read_outbox_item,
        read_dead_letters,
        retry_dead_letters,
        discard_dead_letters,
    ],
    tags=["deliveries"],
)
