"""What people do on WhatsApp: it is kept and the hub is told, together."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from socialai.errors import InvalidInput
from socialai.sandbox.meta import deliveries
from socialai.sandbox.meta.accounts import find_person, keep_person
from socialai.sandbox.meta.records import Account, Person
from socialai.sandbox.meta.state import State
from socialai.sandbox.meta.whatsapp import chats, media, shapes
from socialai.sandbox.meta.whatsapp.chats import Chat

Shown = dict[str, Any]


class Place(Struct, frozen=True):
    latitude: float
    longitude: float
    name: str = ""


class Does(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing a person does.

    Writes a text, sends a file (with the text as caption) or a place, presses a button (`button` is its id,
    the text its title), or sends something unsupported; `ad` is the advertisement that they came from.
    `edit`, `revoke`, `react_to` and `reply_to` name a message: its id, "last" (the person's own) or "answer"
    (the shop's); `reaction` is the emoji, '' takes it back. `blocks` the number or no longer does.
    """

    text: str = ""
    file: Literal["image", "video", "audio", "document", "sticker"] | None = None
    place: Place | None = None
    button: str | None = None
    unsupported: bool = False
    ad: str | None = None
    reply_to: str | None = None
    edit: str | None = None
    revoke: str | None = None
    react_to: str | None = None
    reaction: str = ""
    blocks: bool | None = None


def perform(state: State, account: Account, who: str, name: str, does: Does) -> str:
    """The id of the message that is told of ('' for blocking), or InvalidInput."""
    with state.writing():
        known = find_person(state, who)
        if known is None or does.blocks is not None:
            person = known or Person(psid=who, name=name)
            keep_person(state, msgspec.structs.replace(person, available=not does.blocks))
        if does.blocks is not None:
            return ""
        message = _message(state, account, who, does)
        chat = Chat(chats.new_id(who), account.id, who, "person", state.now(), message)
        chats.keep(state, chat)
        told = shapes.received(account, name, {"id": chat.id, **message}, who, chat.at)
        deliveries.tell_change(state, account, "messages", told)
        return chat.id


def write_on_phone(state: State, account: Account, who: str, text: str) -> str:
    """Somebody of the shop answers in the WhatsApp Business app."""
    known = find_person(state, who)
    name = known.name if known else who
    content = {"type": "text", "text": {"body": text}}
    chat = Chat(chats.new_id(who), account.id, who, "phone", state.now(), content)
    with state.writing():
        chats.keep(state, chat)
        deliveries.tell_change(state, account, "smb_message_echoes", shapes.echoed(account, chat, name))
    return chat.id


def change_number(state: State, account: Account, who: str, name: str, new: str) -> None:
    """A person has another number from now on."""
    system = {
        "type": "system",
        "system": {
            "body": f"{name} changed from {who} to {new}",
            "type": "user_changed_number",
            "wa_id": new,
        },
    }
    told = shapes.received(account, name, {"id": chats.new_id(who), **system}, who, state.now())
    with state.writing():
        keep_person(state, Person(psid=new, name=name))
        deliveries.tell_change(state, account, "messages", told)


def _message(state: State, account: Account, who: str, does: Does) -> Shown:
    named = does.edit or does.revoke or does.react_to or does.reply_to
    target = _named(state, account, who, named) if named else ""
    if does.edit:
        new = {"type": "text", "text": {"body": does.text}}
        return {"type": "edit", "edit": {"original_message_id": target, "message": new}}
    if does.revoke:
        return {"type": "revoke", "revoke": {"original_message_id": target}}
    if does.react_to:
        return {"type": "reaction", "reaction": {"message_id": target, "emoji": does.reaction}}
    context = {"context": {"from": account.handle, "id": target}} if target else {}
    ad = {"referral": {"source_type": "ad", "source_id": "1", "headline": does.ad}} if does.ad else {}
    return {**context, **ad, **_content(state, account, does)}


def _content(state: State, account: Account, does: Does) -> Shown:
    if does.unsupported:
        title = "Message type unknown"
        error = {"code": 131051, "title": title, "message": title, "error_data": {"details": title}}
        return {"type": "unsupported", "errors": [error]}
    if does.file:
        caption = {"caption": does.text} if does.text else {}
        return {"type": does.file, does.file: {**media.keep(state, account, does.file), **caption}}
    if does.place:
        return {"type": "location", "location": msgspec.to_builtins(does.place)}
    if does.button:
        reply = {"id": does.button, "title": does.text}
        return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
    if not does.text:
        raise InvalidInput("A person says something, sends something, or does something to a message.")
    return {"type": "text", "text": {"body": does.text}}


def _named(state: State, account: Account, who: str, name: str) -> str:
    if name in ("last", "answer"):
        found = chats.last(state, account.id, who, by_person=name == "last")
    else:
        found = chats.find(state, account.id, name)
    if found is None:
        raise InvalidInput(f"There is no message {name!r} in the chat with {who}.")
    return found.id
