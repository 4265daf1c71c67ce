"""Where X delivers, and of what: its webhooks and activity subscriptions."""

from typing import Annotated

from litestar import get, post, put
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from socialai.sandbox.x import problems
from socialai.sandbox.x.asking import Asked, Shown, as_account, as_app
from socialai.sandbox.x.records import Webhook
from socialai.sandbox.x.sender import check


class Address(Struct):
    url: Annotated[str, Meta(min_length=1)]


class Filter(Struct):
    user_id: str


class Subscribing(Struct):
    event_type: str
    filter: Filter
    webhook_id: str
    tag: str = ""


@get("/2/webhooks", sync_to_thread=False)
def webhooks(request: Asked) -> Shown:
    found = [_shown(each) for each in as_app(request).webhooks.values()]
    return {**({"data": found} if found else {}), "meta": {"result_count": len(found)}}


@post("/2/webhooks", status_code=200)
async def add(request: Asked, data: JSONBody[Address]) -> Shown:
    state = as_app(request)
    if any(each.url == data.url for each in state.webhooks.values()):
        raise problems.invalid("DuplicateUrlFailed: this URL is registered already.")
    made = Webhook(state.number(), data.url)
    if not await sync_to_thread(check, state, made):
        raise problems.invalid("CrcValidationFailed: the URL does not answer as it must.")
    with state.changing():
        state.webhooks[made.id] = made
    return {"data": _shown(made)}


@put("/2/webhooks/{number:str}")
async def check_again(request: Asked, number: FromPath[str]) -> Shown:
    state = as_app(request)
    if number not in state.webhooks:
        raise problems.not_found()
    return {"data": {"attempted": await sync_to_thread(check, state, state.webhooks[number])}}


@get("/2/activity/subscriptions", sync_to_thread=False)
def subscriptions(request: Asked) -> Shown:
    state = as_app(request)
    found = [
        {
            "subscription_id": number,
            "event_type": kind,
            "filter": {"user_id": state.shop.id},
            "webhook_id": webhook,
        }
        for (webhook, kind), number in state.subscribed.items()
    ]
    return {"data": found, "meta": {"total_subscriptions": len(found)}}


@post("/2/activity/subscriptions", status_code=200, sync_to_thread=False)
def subscribe(request: Asked, data: JSONBody[Subscribing]) -> Shown:
    state = as_account(request)
    if data.webhook_id not in state.webhooks or data.filter.user_id != state.shop.id:
        raise problems.invalid("There is no such webhook, or it is another account's.")
    with state.changing():
        number = state.subscribed.setdefault((data.webhook_id, data.event_type), state.number())
    return {"data": {"subscription": {"subscription_id": number, "event_type": data.event_type}}}


HANDLERS = (webhooks, add, check_again, subscriptions, subscribe)


def _shown(one: Webhook) -> Shown:
    return {"id": one.id, "url": one.url, "valid": one.valid, "created_at": "2026-01-01T00:00:00.000Z"}
