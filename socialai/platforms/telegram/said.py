"""A message of Telegram: by whom, where, and how that is said in our words."""

from datetime import datetime
from typing import Any, TypeVar

from msgspec import Raw, Struct

from socialai.domain.happening import Echoed, Edited, Noted, Profile, Received, Thread
from socialai.platforms.reading import Id, decode, moment, name, optional
from socialai.platforms.telegram import ids
from socialai.platforms.telegram.addressed import Bot
from socialai.platforms.telegram.wire import Message, Quoted, Topic, User

_GROUPS = frozenset({"group", "supergroup"})

H = TypeVar("H", Received, Echoed, Edited, Noted)


class Said(Struct, frozen=True):
    """A message, by whom and where."""

    message: Message
    fields: dict[str, Raw]
    bot: Bot
    quoted: Quoted | None

    @property
    def in_group(self) -> bool:
        """The direct messages of a channel look like a group, and are private."""
        return self.message.chat.type in _GROUPS and not self.message.chat.is_direct_messages

    @property
    def author(self) -> str:
        """Who writes in the name of a channel is that channel, here."""
        message = self.message
        if message.sender_chat is not None:
            return name(message.sender_chat.id)
        return name(message.sender.id if message.sender else None)

    @property
    def is_own(self) -> bool:
        """Written to the contact, by the owner of the business account or the channel, or for them."""
        message = self.message
        if message.business_connection_id:
            return self.author != name(message.chat.id)
        topic = optional(message.direct_messages_topic, Topic)
        return bool(topic and topic.user and self.author != name(topic.user.id))

    @property
    def external_id(self) -> str:
        return ids.message_id(ids.chat_of(self.message), self.message.message_id)

    @property
    def reply_to(self) -> str | None:
        """None also for what was said in another chat."""
        quoted = self.quoted
        if quoted is None or (quoted.chat and str(quoted.chat.id) != str(self.message.chat.id)):
            return None
        return ids.message_id(ids.chat_of(self.message), quoted.message_id)

    def say(self, what: type[H], /, *, at: Id, **more: Any) -> H:
        around: dict[str, Any] = {"channel": self.bot.id, "at": seconds(at)}
        if self.in_group:
            return what(**around, contact=self.author, thread=self.thread, **more)
        contact, also = ids.contact_of(self.message)
        return what(**around, contact=contact, also=also, **more)

    @property
    def thread(self) -> Thread:
        return ids.thread_of(self.message, self.quoted)


def said_in(raw: Raw, bot: Bot) -> Said:
    """ParseError when what is needed is missing."""
    message = decode(raw, Message)
    return Said(message, decode(raw, dict[str, Raw]), bot, optional(message.reply_to_message, Quoted))


def seconds(at: Id) -> datetime:
    return moment(f"{at}000")


def profile(user: User | None) -> Profile | None:
    if user is None:
        return None
    told = {"username": user.username, "locale": user.language_code}
    return Profile(user.display or user.username, {key: value for key, value in told.items() if value})


def profile_of(message: Message, phone: str | None) -> Profile | None:
    if message.sender_chat is not None:
        chat = message.sender_chat
        return Profile(chat.title, {"username": chat.username} if chat.username else {})
    found = profile(message.sender)
    return Profile(found.name, {**found.fields, "phone": phone}) if found and phone else found
