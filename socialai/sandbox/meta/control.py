"""The sandbox's own API: make people write, make things fail, see what arrived."""

from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.concurrency import sync_to_thread
from msgspec import Struct

from socialai.errors import HubError, InvalidInput
from socialai.sandbox.failures import Failure, Failures
from socialai.sandbox.meta import accounts, commenting, deliveries, messages, people, sending, subscriptions
from socialai.sandbox.meta.commenting import Remark
from socialai.sandbox.meta.handshake import shake
from socialai.sandbox.meta.records import Delivery, Say, Watched
from socialai.sandbox.meta.state import State
from socialai.sandbox.meta.whatsapp import people as on_whatsapp
from socialai.sandbox.meta.whatsapp.people import Does

Asked = Request[Any, Any, Any]
Shown = dict[str, Any]
T = TypeVar("T")


class PersonReply(Struct, forbid_unknown_fields=True):
    psid: str
    text: str
    account_id: str | None = None


class Callback(Struct, forbid_unknown_fields=True):
    url: str
    verify_token: str
    watched: Watched = "page"


class PublicAct(Struct, forbid_unknown_fields=True):
    """`who` of this `name` does something in public."""

    who: str
    name: str
    remark: Remark
    account_id: str | None = None


class ChatAct(Struct, forbid_unknown_fields=True):
    """`who` of this `name` does something on WhatsApp."""

    who: str
    name: str
    does: Does


class Ending(Struct, forbid_unknown_fields=True):
    account_id: str


class Redelivery(Struct, forbid_unknown_fields=True):
    count: int = 1


@post("/say", status_code=200)
async def say(request: Asked) -> Shown:
    return {"message_id": people.perform(_state(request), await _body(request, Say))}


@post("/comment", status_code=200)
async def comment(request: Asked) -> Shown:
    act = await _body(request, PublicAct)
    done = commenting.comment(_state(request), act.who, act.name, act.remark, act.account_id)
    return {"comment_id": done}


@post("/chat", status_code=200)
async def chat(request: Asked) -> Shown:
    act, state = await _body(request, ChatAct), _state(request)
    number = accounts.first_of(state, "whatsapp_business_account")
    return {"message_id": on_whatsapp.perform(state, number, act.who, act.name, act.does)}


@post("/end-token", status_code=200)
async def end_token(request: Asked) -> Shown:
    accounts.end_token(_state(request), (await _body(request, Ending)).account_id)
    return {"success": True}


@post("/person-reply", status_code=200)
async def reply_as_person(request: Asked) -> Shown:
    reply = await _body(request, PersonReply)
    account = accounts.account_named(_state(request), reply.account_id)
    return {"message_id": sending.reply_in_inbox(_state(request), account, reply.psid, reply.text)}


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
    app = accounts.app_of(state, accounts.account_named(state, None))
    await sync_to_thread(shake, callback.url, callback.verify_token)
    subscriptions.keep(state, app.id, callback.watched, callback.url)
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


def on_refused(_: Asked, error: HubError) -> Response[Shown]:
    return Response({"error": str(error)}, status_code=400)


CONTROL = Router(
    "/_control",
    route_handlers=[
        say,
        comment,
        chat,
        end_token,
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
        "account_id": delivery.account_id,
        "attempts": delivery.attempts,
        "problem": delivery.problem,
        "event": delivery.event,
    }
