"""What people do: it is kept and the hub is told, together."""

import msgspec

from socialai.errors import InvalidInput
from socialai.sandbox.meta import events, messages
from socialai.sandbox.meta.accounts import account_named, find_person, keep_person
from socialai.sandbox.meta.records import Account, Message, Person, Say
from socialai.sandbox.meta.state import State


def perform(state: State, say: Say) -> str:
    """Do it; the id of the message concerned ("" for reading and blocking)."""
    account = account_named(state, say.account_id)
    with state.writing():
        _meet(state, say)
        if say.edit or say.delete or say.react_to:
            return _change(state, account, say)
        if say.read:
            _read(state, account, say)
            return ""
        if say.blocks is not None:
            return ""
        return _write(state, account, say)


def _read(state: State, account: Account, say: Say) -> None:
    now = state.now()
    if account.watched == "page":
        events.tell(state, account, events.read(account.id, say.psid, now, now))
    elif answer := messages.last(state, account.id, say.psid, by_person=False):
        events.tell(state, account, events.seen(answer))


def _meet(state: State, say: Say) -> None:
    """People exist from their first word on."""
    known = find_person(state, say.psid)
    if known is None:
        name, locale = say.name or f"Guest {say.psid[-4:]}", say.locale or "en_GB"
        known = Person(psid=say.psid, name=name, locale=locale)
    elif say.blocks is None:
        return
    keep_person(state, msgspec.structs.replace(known, available=not say.blocks))


def _write(state: State, account: Account, say: Say) -> str:
    if not (say.text or say.attachments or say.postback or say.unsupported):
        raise InvalidInput("A person says something, sends something, or does something to a message.")
    message = Message(
        id=messages.new_id(),
        account_id=account.id,
        psid=say.psid,
        author="person",
        text=say.text or "",
        at=state.now() - say.ago * 1000,
        attachments=say.attachments,
        payload=say.postback or say.quick_reply,
    )
    messages.keep(state, message)
    item = events.postback(message) if say.postback else events.received(message, say)
    if not say.lost:
        events.tell(state, account, item, standby=say.standby)
    return message.id


def _change(state: State, account: Account, say: Say) -> str:
    message = _named(state, account.id, say)
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
    events.tell(state, account, item)
    return message.id


def _named(state: State, account_id: str, say: Say) -> Message:
    name = say.edit or say.delete or say.react_to or ""
    if name in ("last", "answer"):
        found = messages.last(state, account_id, say.psid, by_person=name == "last")
    else:
        found = messages.find(state, account_id, name)
    if found is None:
        raise InvalidInput(f"There is no message {name!r} in the conversation with {say.psid}.")
    return found
