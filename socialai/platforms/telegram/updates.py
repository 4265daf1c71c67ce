"""An update, or an answer of getUpdates, as what happened.

Telegram does not say to which bot an update belongs: that is known by the secret that came along, and is
written before it when it is kept, `<bot's id>/<its user name>`, in a line of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Raw, Struct

from socialai.domain.happening import UNTOLD, Deleted, Happening, Noted, Reacted, Received, Thread, Unreadable
from socialai.errors import ParseError
from socialai.platforms.reading import decode, decode_body, name, optional
from socialai.platforms.telegram import ids, ignored, messages
from socialai.platforms.telegram.addressed import Bot
from socialai.platforms.telegram.said import Said, profile, seconds
from socialai.platforms.telegram.wire import (
    BusinessConnection,
    CallbackQuery,
    ChatMemberUpdated,
    DeletedBusinessMessages,
    Keyboard,
    MessageReaction,
)

_LABEL = re.compile(rb"([0-9]{1,20})/([A-Za-z0-9_]{0,64})\n")
_CUSTOM = "✨"
"""For an emoji that only Telegram has."""
_GONE = frozenset({"kicked", "left"})
_NULL = Raw(b"null")


class Answer(Struct):
    result: list[Raw]


class Marked(Struct):
    reply_markup: Raw = _NULL


def label(body: bytes, bot: Bot) -> bytes:
    return f"{bot.id}/{bot.username}\n".encode() + body


def parse(body: bytes) -> list[Happening]:
    found = _LABEL.match(body)
    bot = Bot(found[1].decode(), found[2].decode()) if found else Bot()
    whole = decode_body(body[found.end() :] if found else body, dict[str, Raw], "Telegram")
    if "update_id" in whole:
        return _update(whole, bot)
    if "result" not in whole:
        raise ParseError("The delivery does not look like one of Telegram's: it has no update_id.")
    found_all = [what for number, raw in enumerate(_result(whole), 1) for what in _one(raw, number, bot)]
    if found_all and all(isinstance(what, Unreadable) for what in found_all):
        raise ParseError("; ".join(what.reason for what in found_all[:3] if isinstance(what, Unreadable)))
    return found_all or [ignored.NOTHING]


def _result(whole: Mapping[str, Raw]) -> list[Raw]:
    try:
        return decode(whole["result"], list[Raw])
    except ParseError as error:
        raise ParseError(f"Not an answer of getUpdates: {error}") from None


def _one(raw: Raw, number: int, bot: Bot) -> Iterator[Happening]:
    try:
        yield from _update(decode(raw, dict[str, Raw]), bot)
    except ParseError as error:
        yield Unreadable(reason=f"Update {number}: {error}")


def _update(fields: Mapping[str, Raw], bot: Bot) -> list[Happening]:
    if bytes(fields.get("update_id", _NULL)) in (b"null", b'""'):
        raise ParseError("the update has no id")
    kinds = [kind for kind, raw in fields.items() if kind != "update_id" and bytes(raw) != b"null"]
    reader = next(((_READERS[kind], kind) for kind in kinds if kind in _READERS), None)
    if reader is None:
        return [ignored.update(kinds)]
    return reader[0](fields[reader[1]], bot)


def _pressed(raw: Raw, bot: Bot) -> list[Happening]:
    """It is not told when: a button may stand under a message for months."""
    query = decode(raw, CallbackQuery)
    if query.message is None:
        return [ignored.NO_MESSAGE]
    message = query.message
    message.sender, message.sender_chat = query.sender, None
    said = Said(message, {}, bot, None)
    text = _button(raw, query.data) or query.data or query.game_short_name or ""
    contact, also = ids.contact_of(message)
    return [
        Received(
            channel=bot.id,
            contact=said.author if said.in_group else contact,
            also=() if said.in_group else also,
            thread=said.thread if said.in_group else None,
            at=UNTOLD,
            external_id=f"{said.external_id}/{name(query.id)}",
            kind="postback",
            text=text,
            payload=query.data,
            profile=profile(query.sender),
        )
    ]


def _button(raw: Raw, data: str | None) -> str | None:
    """What is written on it."""
    message = decode(raw, dict[str, Raw])["message"]
    marked = optional(message, Marked) or Marked()
    keyboard = optional(marked.reply_markup, Keyboard) or Keyboard()
    buttons = (button for row in keyboard.inline_keyboard for button in row)
    return next((button.text for button in buttons if data and button.callback_data == data), None)


def _deleted(raw: Raw, bot: Bot) -> list[Happening]:
    """Whose they were is not told, so that what is not known here stays unknown."""
    told = decode(raw, DeletedBusinessMessages)
    chat = f"{name(told.chat.id)}@"
    return [
        Deleted(channel=bot.id, at=UNTOLD, external_id=ids.message_id(chat, number))
        for number in told.message_ids
    ] or [ignored.NOTHING]


def _connection(raw: Raw, _bot: Bot) -> list[Happening]:
    return [ignored.connection(is_enabled=decode(raw, BusinessConnection).is_enabled)]


def _reaction(raw: Raw, bot: Bot) -> list[Happening]:
    told = decode(raw, MessageReaction)
    emoji = [each.emoji or _CUSTOM for each in told.new_reaction]
    chat = name(told.chat.id)
    return [
        Reacted(
            channel=bot.id,
            contact=name(told.user.id) if told.user else "",
            at=seconds(told.date),
            external_id=ids.message_id(chat, told.message_id),
            emoji=emoji[-1] if emoji else None,
        )
    ]


def _my_place(raw: Raw, bot: Bot) -> list[Happening]:
    """The bot itself was blocked, put out of a group, or let in again."""
    told = decode(raw, ChatMemberUpdated)
    at, chat, new = seconds(told.date), name(told.chat.id), told.new_chat_member
    was_gone, is_gone = told.old_chat_member.status in _GONE, new.status in _GONE
    if told.chat.type == "private":
        if not is_gone and not was_gone:
            return [ignored.OPENED]
        says = (
            "The contact blocked the bot: nothing can be sent until they start it again"
            if is_gone
            else "The contact started the bot again"
        )
        return [Noted(channel=bot.id, contact=chat, at=at, text=says)]
    if told.chat.type == "channel" or not (is_gone or new.can_send_messages is False):
        return [ignored.ADDED]
    says = "The bot was removed from the group" if is_gone else "The bot may not write in the group any more"
    return [Noted(channel=bot.id, at=at, thread=Thread(chat), text=says)]


_READERS: Mapping[str, Callable[[Raw, Bot], list[Happening]]] = {
    "message": messages.read,
    "edited_message": messages.read_edit,
    "business_message": messages.read,
    "edited_business_message": messages.read_edit,
    "deleted_business_messages": _deleted,
    "business_connection": _connection,
    "callback_query": _pressed,
    "message_reaction": _reaction,
    "my_chat_member": _my_place,
}
