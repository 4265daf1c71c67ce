"""What a page sends: the rules of POST /messages, then kept, echoed and received."""

from typing import Any

import msgspec
from msgspec import Struct

from socialai.sandbox.meta import deliveries, events, graph_errors, messages
from socialai.sandbox.meta.accounts import find_person
from socialai.sandbox.meta.messages import DAY_MS
from socialai.sandbox.meta.records import Attachment, Author, Message, Page
from socialai.sandbox.meta.state import State

TEXT_LIMIT = 2000
METADATA_LIMIT = 1000
MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
ACTIONS = ("typing_on", "typing_off", "mark_seen")


class Recipient(Struct):
    id: str | int


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


def carry_out(state: State, page: Page, order: Order) -> dict[str, str]:
    """Send or act, or GraphError; the API's answer."""
    psid = str(order.recipient.id)
    person = find_person(state, psid)
    if person is None:
        raise graph_errors.no_matching_user()
    if order.sender_action is not None:
        return _act(state, page, psid, order.sender_action)
    content = _checked(order)
    if not person.available:
        raise graph_errors.person_unavailable()
    _check_window(state, page, psid, order)
    message = _message(state, page, psid, content, "app", order.tag)
    publish(state, page, message)
    return {"recipient_id": psid, "message_id": message.id}


def reply_in_inbox(state: State, page: Page, psid: str, text: str) -> str:
    """Somebody of the business answers in the Page inbox, past the hub."""
    message = _message(state, page, psid, Content(text=text), "inbox", None)
    publish(state, page, message)
    return message.id


def publish(state: State, page: Page, message: Message) -> None:
    """Keep it, echo it, and let the person's device receive and show it."""
    with state.writing():
        messages.keep(state, message)
        deliveries.tell(state, page.id, events.echo(message, page.app_id))
        deliveries.tell(state, page.id, events.delivered(message))
        deliveries.tell(state, page.id, events.read(page.id, message.psid, message.at, message.at))


def _act(state: State, page: Page, psid: str, action: str) -> dict[str, str]:
    if action not in ACTIONS:
        raise graph_errors.bad_parameter(f"Param sender_action must be one of {', '.join(ACTIONS)}")
    messages.note_action(state, page.id, psid, action)
    return {"recipient_id": psid}


def _checked(order: Order) -> Content:
    content = order.message
    if content is None or not (content.text or content.attachment):
        raise graph_errors.bad_parameter("Param message must be a non-empty value")
    if len(content.text or "") > TEXT_LIMIT:
        raise graph_errors.bad_parameter(
            f"Length of param message[text] must be less than or equal to {TEXT_LIMIT}"
        )
    if len(content.metadata or "") > METADATA_LIMIT:
        raise graph_errors.bad_parameter(
            f"Length of param message[metadata] must be less than or equal to {METADATA_LIMIT}"
        )
    return content


def _check_window(state: State, page: Page, psid: str, order: Order) -> None:
    """24 hours after the person's last action, seven days with HUMAN_AGENT; other tags are gone."""
    if order.messaging_type not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise graph_errors.bad_parameter(
            "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"
        )
    tagged = order.messaging_type == "MESSAGE_TAG"
    if tagged and order.tag != "HUMAN_AGENT":
        raise graph_errors.bad_parameter(f"Param tag: {order.tag} is not a valid message tag")
    last = messages.last(state, page.id, psid, by_person=True)
    if last is None or state.now() - last.at > (7 * DAY_MS if tagged else DAY_MS):
        raise graph_errors.outside_window()


def _message(
    state: State, page: Page, psid: str, content: Content, author: Author, tag: str | None
) -> Message:
    attachment = content.attachment or {}
    kind, payload = attachment.get("type"), attachment.get("payload") or {}
    return Message(
        id=messages.new_id(),
        page_id=page.id,
        psid=psid,
        author=author,
        text=content.text or "",
        at=state.now(),
        attachments=(Attachment(type=str(kind), url=payload.get("url")),) if kind else (),
        metadata=content.metadata,
        tag=tag,
    )
