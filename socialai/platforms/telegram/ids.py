"""How chats, people and messages of Telegram are named here, and back.

A message is named `<chat>/<message>`, as its number alone is another message in another chat; a pressed
button `<chat>/<message>/<query>`. A contact is the chat with them:
`<chat>` a private chat with the bot,
`<chat>@<connection>` a chat of a business account that the bot answers for (its messages are named
    `<chat>@/<message>`, as the connection gets another id whenever its owner changes something),
`<channel>/<topic>` the direct messages of a channel.
What is said in a group is public, in the thread
`<group>`, `<group>/<topic>` in one of its topics, `<group>#<post>` below a post of the channel it discusses.
"""

import re
from typing import Any

from socialai.domain.happening import Thread
from socialai.platforms.base import Outgoing
from socialai.platforms.reading import Id, name, optional
from socialai.platforms.telegram.wire import Chat, Message, Quoted, Topic

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LONGEST_TITLE = 140
_SUPERGROUP = "-100"
"""What the id of a supergroup begins with, before the number that its addresses have."""


def chat_of(message: Message) -> str:
    chat = name(message.chat.id)
    return f"{chat}@" if message.business_connection_id else chat


def contact_of(message: Message) -> tuple[str, tuple[str, ...]]:
    """Of a private conversation: its name, and others that it has."""
    chat = name(message.chat.id)
    if message.business_connection_id:
        return f"{chat}@{message.business_connection_id}", (f"{chat}@",)
    if topic := optional(message.direct_messages_topic, Topic):
        return f"{chat}/{name(topic.topic_id)}", ()
    return chat, ()


def thread_of(message: Message, quoted: Quoted | None) -> Thread:
    chat, topic = message.chat, message.message_thread_id
    place = name(chat.id)
    if topic is None:
        return Thread(place, title=chat.title, url=address(chat))
    if message.is_topic_message:
        return Thread(f"{place}/{topic}", title=chat.title, url=address(chat, topic))
    is_first = quoted is not None and bool(quoted.is_automatic_forward)
    post = (quoted.text or quoted.caption) if quoted and is_first else None
    title = post[:_LONGEST_TITLE] if post else chat.title
    return Thread(f"{place}#{topic}", title=title, url=address(chat, topic))


def address(chat: Chat, message: Id | None = None) -> str | None:
    """On the web; None: it has none."""
    if chat.username:
        place = chat.username
    elif name(chat.id).startswith(_SUPERGROUP):
        place = f"c/{name(chat.id).removeprefix(_SUPERGROUP)}"
        message = message if message is not None else 1
    else:
        return None
    return f"https://t.me/{place}" if message is None else f"https://t.me/{place}/{message}"


def message_id(chat: str, number: Id) -> str:
    return f"{chat}/{name(number)}"


def destination(outgoing: Outgoing) -> dict[str, Any]:
    """Where a method of the Bot API shall act."""
    if outgoing.in_public:
        chat, _, topic = outgoing.thread.partition("#")[0].partition("/")
        return {"chat_id": number(chat), **({"message_thread_id": number(topic)} if topic else {})}
    contact = _newest(outgoing)
    chat, _, connection = contact.partition("@")
    if connection:
        return {"chat_id": number(chat), "business_connection_id": connection}
    chat, _, topic = contact.partition("/")
    return {"chat_id": number(chat), **({"direct_messages_topic_id": number(topic)} if topic else {})}


def chat_name(to: dict[str, Any]) -> str:
    """As messages in it are named."""
    return f"{to['chat_id']}@" if "business_connection_id" in to else str(to["chat_id"])


def quote(answers: str | None, chat: str) -> dict[str, Any]:
    """What makes an answer show which message of this chat it answers."""
    *where, message = (answers or "").split("/")[:2]
    if not message or where not in ([], [chat]):
        return {}
    return {"reply_parameters": {"message_id": number(message), "allow_sending_without_reply": True}}


def pressed(answers: str | None) -> str | None:
    """The query behind a pressed button."""
    parts = (answers or "").split("/")
    return parts[2] if len(parts) == 3 else None


def parted(external_id: str) -> tuple[str, int | str]:
    """A message's chat and number."""
    chat, _, rest = external_id.partition("/")
    return chat, number(rest.partition("/")[0])


def number(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text


def _newest(outgoing: Outgoing) -> str:
    """The connection through which a business account was reached last."""
    names = (outgoing.contact, *outgoing.also)
    connected = [each for each in names if "@" in each and not each.endswith("@")]
    return connected[-1] if connected else outgoing.contact
