"""Private messages in webhooks as Meta writes them (SHEET-facebook, SHEET-instagram, the restfb payloads)."""

from collections.abc import Mapping
from typing import Any

from socialai.sandbox.meta import deliveries
from socialai.sandbox.meta.records import Account, Attachment, Message, Say, Watched
from socialai.sandbox.meta.state import State

Item = dict[str, Any]

PAGE_INBOX_APP = 263902037430900
"""The app id that echoes carry when somebody of the business answers in the Page inbox."""


def tell(state: State, account: Account, item: Item, *, standby: bool = False) -> None:
    section = "standby" if standby else "messaging"
    deliveries.tell(state, account, _field_of(item, account.watched), {section: [item]})


def received(message: Message, say: Say) -> Item:
    content: Item = {"mid": message.id}
    if message.text and not say.unsupported:
        content["text"] = message.text
    if say.unsupported:
        content["is_unsupported"] = True
    if message.attachments:
        content["attachments"] = [_attachment(each, say.sticker_id) for each in message.attachments]
    if say.quick_reply is not None:
        content["quick_reply"] = {"payload": say.quick_reply}
    if say.reply_to is not None:
        content["reply_to"] = {"mid": say.reply_to}
    if say.story is not None:
        content["reply_to"] = {"story": {"id": "17999000000000001", "url": say.story}}
    if say.sticker_id is not None:
        content["sticker_id"] = say.sticker_id
    return {**_from_person(message.account_id, message.psid, message.at), "message": content}


def postback(message: Message) -> Item:
    content = {"title": message.text, "payload": message.payload, "mid": message.id}
    return {**_from_person(message.account_id, message.psid, message.at), "postback": content}


def edited(message: Message, at: int, text: str, times: int) -> Item:
    # restfb's fixture has the number as a string.
    content = {"mid": message.id, "text": text, "num_edit": str(times)}
    return {**_from_person(message.account_id, message.psid, at), "message_edit": content}


def deleted(message: Message, at: int) -> Item:
    content = {"mid": message.id, "is_deleted": True}
    return {**_from_person(message.account_id, message.psid, at), "message": content}


def reacted(message: Message, at: int, emoji: str | None) -> Item:
    taken_back = {"mid": message.id, "action": "unreact"}
    given = {
        "mid": message.id,
        "action": "react",
        "emoji": emoji,
        "reaction": _REACTIONS.get(emoji or "", "other"),
    }
    return {**_from_person(message.account_id, message.psid, at), "reaction": given if emoji else taken_back}


def read(account_id: str, psid: str, at: int, watermark: int) -> Item:
    return {**_from_person(account_id, psid, at), "read": {"watermark": watermark}}


def delivered(message: Message) -> Item:
    """Carries no timestamp of its own."""
    ends = {"sender": {"id": message.psid}, "recipient": {"id": message.account_id}}
    return {**ends, "delivery": {"mids": [message.id], "watermark": message.at}}


def seen(message: Message) -> Item:
    """Instagram names the message; Messenger says until when."""
    return {**_from_person(message.account_id, message.psid, message.at), "read": {"mid": message.id}}


def echo(message: Message, account: Account) -> Item:
    """`app_id` is a number in Messenger's echoes, where ids of people and pages are strings; Instagram's have
    none."""
    content: Item = {"mid": message.id, "is_echo": True}
    if account.watched == "page":
        content["app_id"] = PAGE_INBOX_APP if message.author == "inbox" else int(account.app_id)
    if message.text:
        content["text"] = message.text
    if message.metadata is not None:
        content["metadata"] = message.metadata
    if message.attachments:
        content["attachments"] = [_attachment(each, None) for each in message.attachments]
    ends = {"sender": {"id": message.account_id}, "recipient": {"id": message.psid}}
    return {**ends, "timestamp": message.at, "message": content}


def _field_of(item: Item, watched: Watched) -> str:
    """The subscribed field under which Meta sends `item`."""
    if item.get("message", {}).get("is_echo"):
        return "message_echoes" if watched == "page" else "messages"
    return next(field for key, field in _FIELDS[watched].items() if key in item)


_FIELDS: Mapping[str, Mapping[str, str]] = {
    "page": {
        "message": "messages",
        "postback": "messaging_postbacks",
        "message_edit": "message_edits",
        "reaction": "message_reactions",
        "read": "message_reads",
        "delivery": "message_deliveries",
    },
    "instagram": {
        "message": "messages",
        "postback": "messaging_postbacks",
        "message_edit": "message_edit",
        "reaction": "message_reactions",
        "read": "messaging_seen",
    },
}
_REACTIONS = {"❤": "love", "😆": "smile", "😮": "wow", "😢": "sad", "😠": "angry", "👍": "like"}


def _from_person(account_id: str, psid: str, at: int) -> Item:
    return {"sender": {"id": psid}, "recipient": {"id": account_id}, "timestamp": at}


def _attachment(attachment: Attachment, sticker_id: int | None) -> Item:
    if attachment.type == "fallback":
        return {"type": "fallback", "url": attachment.url, "title": attachment.title}
    payload: Item = {"url": attachment.url}
    if attachment.title is not None:
        payload["title"] = attachment.title
    if sticker_id is not None:
        payload["sticker_id"] = sticker_id
    return {"type": attachment.type, "payload": payload}
