"""What a number sends: the rules of POST /messages, then kept, and what becomes of it is told.

Whether the window is open, and whether the person can be reached, is told later: as the state `failed`.
"""

from typing import Any

import msgspec
from msgspec import Struct

from socialai.sandbox.meta import deliveries, graph_errors
from socialai.sandbox.meta.accounts import find_person
from socialai.sandbox.meta.messages import DAY_MS
from socialai.sandbox.meta.records import Account
from socialai.sandbox.meta.state import State
from socialai.sandbox.meta.whatsapp import chats, shapes
from socialai.sandbox.meta.whatsapp.chats import Chat, Status

TEXT_LIMIT = 4096
KEY_LIMIT = 512
BURST, PACE = 45, 6_000
"""So many messages to one person, and then one in so many milliseconds."""
TEMPLATES = {"we_are_back": 1, "hello_world": 0}
"""The templates that Meta approved, and how many blanks each has."""
_TYPES = frozenset(
    "text template reaction image video audio document sticker location contacts interactive".split()
)
_CLOSED, _UNREACHED = 131047, 131026


class Order(Struct):
    """The body of POST /{number}/messages."""

    messaging_product: str = ""
    recipient_type: str = "individual"
    to: str | None = None
    recipient: str | None = None
    type: str = "text"
    status: str | None = None
    message_id: str | None = None
    biz_opaque_callback_data: str | None = None


def carry_out(state: State, account: Account, body: bytes) -> dict[str, Any]:
    """Send or mark as read, or GraphError; the API's answer."""
    order, content = _read(body)
    if order.messaging_product != "whatsapp":
        raise graph_errors.bad_parameter("The parameter messaging_product is required.")
    if order.status is not None:
        return _mark(state, account, order)
    who = _whom(state, order)
    _check(content, order)
    now = state.now()
    if chats.since(state, account.id, who, now - BURST * PACE) >= BURST:
        raise graph_errors.pair_limit()
    chat = Chat(
        chats.new_id(who), account.id, who, "app", now, content, order.biz_opaque_callback_data, "sent"
    )
    with state.writing():
        chats.keep(state, chat)
        _tell_states(state, account, chat)
    named = {"input": order.to or who, **({} if shapes.hides(who) else {"wa_id": who})}
    named["user_id"] = shapes.user_id(who)
    return {"messaging_product": "whatsapp", "contacts": [named], "messages": [{"id": chat.id}]}


def _read(body: bytes) -> tuple[Order, dict[str, Any]]:
    try:
        order = msgspec.json.decode(body, type=Order)
        whole = msgspec.json.decode(body)
    except msgspec.MsgspecError as error:
        raise graph_errors.bad_parameter(f"Invalid parameter: {error}") from None
    kept = ("type", order.type, "context")
    return order, {"type": order.type, **{key: whole[key] for key in kept if key in whole}}


def _mark(state: State, account: Account, order: Order) -> dict[str, Any]:
    found = chats.find(state, account.id, order.message_id or "")
    if order.status != "read" or found is None:
        raise graph_errors.wrong_value("message_id")
    chats.mark(state, found, "read")
    return {"success": True}


def _whom(state: State, order: Order) -> str:
    """A number wins over a user id; people who never wrote have one all the same."""
    if order.to:
        digits = "".join(sign for sign in order.to if sign.isdigit())
        if not digits:
            raise graph_errors.wrong_value("to")
        return digits
    if not order.recipient:
        raise graph_errors.bad_parameter("The parameter to is required.")
    known = (row["psid"] for row in state.rows("select psid from person"))
    found = next((psid for psid in known if shapes.user_id(psid) == order.recipient), None)
    if found is None:
        raise graph_errors.wrong_value("recipient")
    return str(found)


def _check(content: dict[str, Any], order: Order) -> None:
    if order.type not in _TYPES or order.type not in content:
        raise graph_errors.missing_value(order.type)
    if len(order.biz_opaque_callback_data or "") > KEY_LIMIT:
        raise graph_errors.wrong_value("biz_opaque_callback_data")
    if order.type == "text" and not 0 < len(content["text"].get("body", "")) <= TEXT_LIMIT:
        raise graph_errors.wrong_value("text.body")
    if order.type == "template":
        _check_template(content["template"])


def _check_template(template: dict[str, Any]) -> None:
    blanks = TEMPLATES.get(template.get("name", ""))
    if blanks is None or not template.get("language", {}).get("code"):
        raise graph_errors.no_template()
    given = [len(part.get("parameters", [])) for part in template.get("components", [])]
    if sum(given) != blanks:
        raise graph_errors.wrong_blanks()


def _tell_states(state: State, account: Account, chat: Chat) -> None:
    last = chats.last(state, account.id, chat.who, by_person=True)
    person = find_person(state, chat.who)
    error = None
    if chat.content["type"] != "template" and (last is None or chat.at - last.at > DAY_MS):
        error = _CLOSED
    elif person is None or not person.available:
        error = _UNREACHED
    name = person.name if person else chat.who
    states: tuple[Status, ...] = ("sent", "delivered", "read") if error is None else ("failed",)
    for each in states:
        told = shapes.status(account, chat, name, each, state.now(), error)
        deliveries.tell_change(state, account, "messages", told)
    chats.mark(state, chat, states[-1])
