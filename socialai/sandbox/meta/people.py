"""What people do: it is kept and the hub is told, together."""

import msgspec

from socialai.errors import InvalidInput
from socialai.sandbox.meta import deliveries, events, messages
from socialai.sandbox.meta.accounts import find_person, first_page, keep_person
from socialai.sandbox.meta.records import Message, Person, Say
from socialai.sandbox.meta.state import State


def perform(state: State, say: Say) -> str:
    """Do it; the id of the message concerned ("" for reading and blocking)."""
    page_id = say.page_id or first_page(state).id
    with state.writing():
        _meet(state, say)
        if say.edit or say.delete or say.react_to:
            return _change(state, page_id, say)
        if say.read:
            now = state.now()
            deliveries.tell(state, page_id, events.read(page_id, say.psid, now, now))
            return ""
        if say.blocks is not None:
            return ""
        return _write(state, page_id, say)


def _meet(state: State, say: Say) -> None:
    """People exist from their first word on."""
    known = find_person(state, say.psid)
    if known is None:
        name, locale = say.name or f"Guest {say.psid[-4:]}", say.locale or "en_GB"
        known = Person(psid=say.psid, name=name, locale=locale)
    elif say.blocks is None:
        return
    keep_person(state, msgspec.structs.replace(known, available=not say.blocks))


def _write(state: State, page_id: str, say: Say) -> str:
    if not (say.text or say.attachments or say.postback or say.unsupported):
        raise InvalidInput("A person says something, sends something, or does something to a message.")
    message = Message(
        id=messages.new_id(),
        page_id=page_id,
        psid=say.psid,
        author="person",
        text=say.text or "",
        at=state.now(),
        attachments=say.attachments,
        payload=say.postback or say.quick_reply,
    )
    messages.keep(state, message)
    item = events.postback(message) if say.postback else events.received(message, say)
    deliveries.tell(state, page_id, item, standby=say.standby)
    return message.id


def _change(state: State, page_id: str, say: Say) -> str:
    message = _named(state, page_id, say)
    now = state.now()
    if say.edit:
        text = say.text or ""
        item = events.edited(message, now, text, messages.edit(state, message.id, text))
    elif say.delete:
        messages.delete(state, message.id)
        item = events.deleted(message, now)
    else:
        messages.react(state, message.id, say.reaction)
        item = events.reacted(message, now, say.reaction)
    deliveries.tell(state, page_id, item)
    return message.id


def _named(state: State, page_id: str, say: Say) -> Message:
    name = say.edit or say.delete or say.react_to or ""
    if name in ("last", "answer"):
        found = messages.last(state, page_id, say.psid, by_person=name == "last")
    else:
        found = messages.find(state, page_id, name)
    if found is None:
        raise InvalidInput(f"There is no message {name!r} in the conversation with {say.psid}.")
    return found
