"""The sandbox's own API: make people write, make things fail, see what arrived."""

from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.concurrency import sync_to_thread
from msgspec import Struct

from socialai.errors import HubError, InvalidInput
from socialai.sandbox.failures import Failure, Failures
from socialai.sandbox.meta import accounts, deliveries, messages, people, sending
from socialai.sandbox.meta.handshake import connect
from socialai.sandbox.meta.records import Delivery, Page, Say
from socialai.sandbox.meta.state import State

Asked = Request[Any, Any, Any]
Shown = dict[str, Any]
T = TypeVar("T")


class PersonReply(Struct, forbid_unknown_fields=True):
    psid: str
    text: str
    page_id: str | None = None


class Callback(Struct, forbid_unknown_fields=True):
    url: str
    verify_token: str


class Redelivery(Struct, forbid_unknown_fields=True):
    count: int = 1


@post("/say", status_code=200)
async def say(request: Asked) -> Shown:
    return {"message_id": people.perform(_state(request), await _body(request, Say))}


@post("/person-reply", status_code=200)
async def reply_as_person(request: Asked) -> Shown:
    reply = await _body(request, PersonReply)
    page = page_named(_state(request), reply.page_id)
    return {"message_id": sending.reply_in_inbox(_state(request), page, reply.psid, reply.text)}


@post("/failures", status_code=200)
async def fail(request: Asked) -> Shown:
    rules = await _body(request, list[Failure])
    failures: Failures = request.app.state.failures
    for rule in rules:
        failures.add(rule)
    return {"added": len(rules)}


@delete("/failures", status_code=200)
async def stop_failing(request: Asked) -> Shown:
    request.app.state.failures.clear()
    return {"success": True}


@post("/webhook", status_code=200)
async def set_webhook(request: Asked) -> Shown:
    callback = await _body(request, Callback)
    state = _state(request)
    app = accounts.app_of(state, accounts.first_page(state))
    await sync_to_thread(connect, state, app.id, callback.url, callback.verify_token)
    return {"success": True}


@post("/redeliver", status_code=200)
async def redeliver(request: Asked) -> Shown:
    deliveries.owe_again(_state(request), (await _body(request, Redelivery)).count)
    return {"success": True}


@get("/conversations")
async def list_conversations(request: Asked) -> Shown:
    state = _state(request)
    found = [msgspec.to_builtins(each) for each in messages.conversations(state)]
    return {"conversations": found, "duplicates": messages.duplicates(state)}


@get("/pending")
async def list_pending(request: Asked) -> Shown:
    return {"pending": [_shown(each) for each in deliveries.pending(_state(request))]}


def page_named(state: State, page_id: str | None) -> Page:
    page = accounts.find_page(state, id=page_id) if page_id else accounts.first_page(state)
    if page is None:
        raise InvalidInput(f"There is no page {page_id}.")
    return page


def on_refused(_: Asked, error: HubError) -> Response[Shown]:
    return Response({"error": str(error)}, status_code=400)


CONTROL = Router(
    "/_control",
    route_handlers=[
        say,
        reply_as_person,
        fail,
        stop_failing,
        set_webhook,
        redeliver,
        list_conversations,
        list_pending,
    ],
    exception_handlers={HubError: on_refused},
)


def _state(request: Asked) -> State:
    state: State = request.app.state.sandbox
    return state


async def _body(request: Asked, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=kind)
    except msgspec.MsgspecError as error:
        raise InvalidInput(str(error)) from None


def _shown(delivery: Delivery) -> Shown:
    return {
        "id": delivery.id,
        "page_id": delivery.page_id,
        "attempts": delivery.attempts,
        "problem": delivery.problem,
        "event": delivery.event,
    }
