"""The shapes Telegram sends, as far as we read them. Source: Bot API 10.1, types Update and Message."""

from msgspec import Raw, Struct, field

from socialai.platforms.reading import Id

_NOTHING = Raw(b"null")


class User(Struct):
    id: Id
    is_bot: bool = False
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    @property
    def display(self) -> str:
        return " ".join(part.strip() for part in (self.first_name, self.last_name) if part).strip()


class Chat(Struct):
    """`type`: private, group, supergroup or channel."""

    id: Id
    type: str = ""
    title: str | None = None
    username: str | None = None
    is_direct_messages: bool | None = None


class Entity(Struct):
    """A part of a text, in UTF-16 code units."""

    type: str
    offset: int = 0
    length: int = 0
    user: User | None = None


class Topic(Struct):
    """Of a channel's direct messages: the conversation with one person."""

    topic_id: Id
    user: User | None = None


class Quoted(Struct):
    """The message that another one answers."""

    message_id: Id
    chat: Chat | None = None
    sender: User | None = field(name="from", default=None)
    is_automatic_forward: bool | None = None
    text: str | None = None
    caption: str | None = None


class Message(Struct):
    """What is around the content of a message. `sender_chat`: it was written in the name of a chat."""

    message_id: Id
    chat: Chat
    date: Id = 0
    edit_date: Id | None = None
    sender: User | None = field(name="from", default=None)
    sender_chat: Chat | None = None
    business_connection_id: str | None = None
    message_thread_id: Id | None = None
    is_topic_message: bool | None = None
    direct_messages_topic: Raw = _NOTHING
    is_automatic_forward: bool | None = None
    reply_to_message: Raw = _NOTHING
    text: str | None = None
    caption: str | None = None
    entities: Raw = _NOTHING
    caption_entities: Raw = _NOTHING
    migrate_to_chat_id: Id | None = None
    migrate_from_chat_id: Id | None = None


class CallbackQuery(Struct):
    """A pressed button; an old `message` is known by its id only."""

    id: Id
    sender: User = field(name="from")
    message: Message | None = None
    data: str | None = None
    game_short_name: str | None = None


class Button(Struct):
    text: str = ""
    callback_data: str | None = None


class Keyboard(Struct):
    inline_keyboard: list[list[Button]] = []


class DeletedBusinessMessages(Struct):
    business_connection_id: str
    chat: Chat
    message_ids: list[Id]


class BusinessConnection(Struct):
    is_enabled: bool = False


class Reaction(Struct):
    """`emoji` is missing for a custom or paid one."""

    type: str = ""
    emoji: str | None = None


class MessageReaction(Struct):
    chat: Chat
    message_id: Id
    date: Id
    user: User | None = None
    new_reaction: list[Reaction] = []


class Member(Struct):
    status: str = ""
    can_send_messages: bool | None = None


class ChatMemberUpdated(Struct):
    chat: Chat
    date: Id
    sender: User | None = field(name="from", default=None)
    old_chat_member: Member = field(default_factory=Member)
    new_chat_member: Member = field(default_factory=Member)
