"""Chats, people and messages in the Bot API's shapes. Source: Bot API 10.1."""

import re
from typing import Any

from socialai.sandbox.telegram.records import Bot, Group, Message, Person
from socialai.sandbox.telegram.state import State

Shown = dict[str, Any]

_MARKS = re.compile(r"(?P<bot_command>(?<!\S)/[A-Za-z0-9_]+(?:@\w+)?)|(?P<mention>(?<!\w)@[A-Za-z]\w{2,})")


def user(who: Person | Bot) -> Shown:
    if isinstance(who, Bot):
        return {"id": who.id, "is_bot": True, "first_name": who.name, "username": who.username}
    first, _, last = who.name.partition(" ")
    shown: Shown = {"id": who.id, "is_bot": False, "first_name": first, "language_code": who.locale}
    more: Shown = {"last_name": last, "username": who.username}
    shown |= {key: value for key, value in more.items() if value}
    return shown


def chat(state: State, chat_id: int) -> Shown:
    group = state.groups.get(chat_id)
    if group is not None:
        return _group(group)
    person = user(state.people[chat_id])
    named: Shown = {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
    return {"id": chat_id, "type": "private", **named}


def _group(group: Group) -> Shown:
    return {"id": group.id, "type": group.type, "title": group.title}


def author(state: State, message: Message) -> Shown:
    bot = next((bot for bot in state.bots.values() if bot.id == message.by), None)
    return user(bot or state.people[message.by])


def message(state: State, said: Message, *, quotes: bool = True) -> Shown:
    shown: Shown = {
        "message_id": said.id,
        "from": author(state, said),
        "chat": chat(state, said.chat),
        "date": said.at,
        **said.content,
    }
    for key, entities in (("text", "entities"), ("caption", "caption_entities")):
        if marks := marked(str(said.content.get(key, ""))):
            shown[entities] = marks
    if said.edited_at:
        shown["edit_date"] = said.edited_at
    if said.connection:
        shown["business_connection_id"] = said.connection
    quoted = state.find(said.chat, said.reply_to) if said.reply_to and quotes else None
    return shown | ({"reply_to_message": message(state, quoted, quotes=False)} if quoted else {})


def marked(text: str) -> list[Shown]:
    """Commands and mentions, at their places in UTF-16 code units."""
    return [
        {
            "type": str(found.lastgroup),
            "offset": _units(text[: found.start()]),
            "length": _units(found.group()),
        }
        for found in _MARKS.finditer(text)
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
