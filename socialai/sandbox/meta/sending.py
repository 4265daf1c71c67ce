"""What a page sends: the rules of POST /messages, then kept, echoed and received."""

from typing import Any

import msgspec
from msgspec import Struct

from socialai.sandbox.meta import commenting, events, graph_errors, messages
from socialai.sandbox.meta.accounts import find_person
from socialai.sandbox.meta.messages import DAY_MS
from socialai.sandbox.meta.records import Account, Attachment, Author, Message
from socialai.sandbox.meta.state import State

TEXT_LIMIT = 2000
BYTES_LIMIT = 1000
"""Instagram's."""
METADATA_LIMIT = 1000
MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
ACTIONS = ("typing_on", "typing_off", "mark_seen")


class Recipient(Struct):
    """`comment_id`: whoever wrote that comment is answered in private."""

    id: str | int | None = None
    comment_id: str | None = None


class Content(Struct):
    text: str | None = None
    attachment: dict[str, Any] | None = None
    metadata: str | None = None


class Order(Struct):
    """The body of POST /messages; what Meta ignores is ignored."""

    recipient: Recipient
    message: Content | None = None
    sender_action: str | None = None
    messaging_type: str = "RESPONSE"
    tag: str | None = None
    access_token: str | None = None
    appsecret_proof: str | None = None


def read_order(body: bytes) -> Order:
    try:
        return msgspec.json.decode(body, type=Order)
    except msgspec.MsgspecError as error:
        raise graph_errors.bad_parameter(f"Invalid parameter: {error}") from None


def carry_out(state: State, account: Account, order: Order) -> dict[str, str]:
    """Send or act, or GraphError; the API's answer."""
    if order.recipient.comment_id is not None:
        return _answer_in_private(state, account, order, order.recipient.comment_id)
    psid = str(order.recipient.id)
    person = find_person(state, psid)
    if person is None:
        raise graph_errors.no_matching_user()
    if order.sender_action is not None:
        return _act(state, account, psid, order.sender_action)
    content = _checked(order, account)
    if not person.available:
        raise graph_errors.person_unavailable()
    _check_window(state, account, psid, order)
    message = _message(state, account, psid, content, "app", order.tag)
    publish(state, account, message)
    return {"recipient_id": psid, "message_id": message.id}


def reply_in_inbox(state: State, account: Account, psid: str, text: str) -> str:
    """Somebody of the business answers in the Page inbox, past the hub."""
    message = _message(state, account, psid, Content(text=text), "inbox", None)
    publish(state, account, message)
    return message.id


def _answer_in_private(state: State, account: Account, order: Order, comment_id: str) -> dict[str, str]:
    content = _checked(order, account)
    with state.writing():
        psid = commenting.take_private_answer(state, account, comment_id)
        message = _message(state, account, psid, content, "app", order.tag)
        publish(state, account, message)
    return {"recipient_id": psid, "message_id": message.id}


def publish(state: State, account: Account, message: Message) -> None:
    """Keep it, echo it, and let the person's device receive and show it."""
    with state.writing():
        messages.keep(state, message)
        events.tell(state, account, events.echo(message, account))
        if account.watched == "instagram":
            events.tell(state, account, events.seen(message))
            return
        events.tell(state, account, events.delivered(message))
        events.tell(state, account, events.read(account.id, message.psid, message.at, message.at))


def _act(state: State, account: Account, psid: str, action: str) -> dict[str, str]:
    if action not in ACTIONS:
        raise graph_errors.bad_parameter(f"Param sender_action must be one of {', '.join(ACTIONS)}")
    messages.note_action(state, account.id, psid, action)
    return {"recipient_id": psid}


def _checked(order: Order, account: Account) -> Content:
    content = order.message
    if content is None or not (content.text or content.attachment):
        raise graph_errors.bad_parameter("Param message must be a non-empty value")
    if account.watched == "instagram" and len((content.text or "").encode()) > BYTES_LIMIT:
        raise graph_errors.bad_parameter(f"Message text must be {BYTES_LIMIT} bytes or fewer in UTF-8")
    if len(content.text or "") > TEXT_LIMIT:
        raise graph_errors.bad_parameter(
            f"Length of param message[text] must be less than or equal to {TEXT_LIMIT}"
        )
    if len(content.metadata or "") > METADATA_LIMIT:
        raise graph_errors.bad_parameter(
            f"Length of param message[metadata] must be less than or equal to {METADATA_LIMIT}"
        )
    return content


def _check_window(state: State, account: Account, psid: str, order: Order) -> None:
    """24 hours after the person's last action, seven days with HUMAN_AGENT; other tags are gone."""
    if order.messaging_type not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise graph_errors.bad_parameter(
            "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"
        )
    tagged = order.messaging_type == "MESSAGE_TAG"
    if tagged and order.tag != "HUMAN_AGENT":
        raise graph_errors.bad_parameter(f"Param tag: {order.tag} is not a valid message tag")
    last = messages.last(state, account.id, psid, by_person=True)
    if last is None or state.now() - last.at > (7 * DAY_MS if tagged else DAY_MS):
        raise graph_errors.outside_window()


def _message(
    state: State, account: Account, psid: str, content: Content, author: Author, tag: str | None
) -> Message:
    attachment = content.attachment or {}
    kind, payload = attachment.get("type"), attachment.get("payload") or {}
    return Message(
        id=messages.new_id(),
        account_id=account.id,
        psid=psid,
        author=author,
        text=content.text or "",
        at=state.now(),
        attachments=(Attachment(type=str(kind), url=payload.get("url")),) if kind else (),
        metadata=content.metadata,
        tag=tag,
    )
