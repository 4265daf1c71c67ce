"""Whether something said in a group is said to the bot: it names it, answers it, or is a command for it.

So is a comment right below a post of the channel that the group discusses: who comments there speaks to the
shop. Telegram itself shows most bots nothing else (privacy mode).
"""

from msgspec import Struct

from socialai.platforms.reading import optional
from socialai.platforms.telegram.wire import Entity, Message, Quoted, User


class Bot(Struct, frozen=True):
    """To whom it was delivered; what is not known is ''."""

    id: str = ""
    username: str = ""

    def is_me(self, user: User | None) -> bool:
        """Any bot, where it is not known which one."""
        if user is None:
            return False
        return str(user.id) == self.id if self.id else user.is_bot

    def is_called(self, mention: str) -> bool:
        """Names of bots end in 'bot', where it is not known what this one's is."""
        called = mention.removeprefix("@").lower()
        return called == self.username.lower() if self.username else called.endswith("bot")


def is_addressed(message: Message, quoted: Quoted | None, bot: Bot) -> bool:
    if quoted and (quoted.is_automatic_forward or bot.is_me(quoted.sender)):
        return True
    text = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    raw = message.entities if message.text else message.caption_entities
    return any(_calls(entity, text, bot) for entity in optional(raw, list[Entity]) or ())


def _calls(entity: Entity, text: bytes, bot: Bot) -> bool:
    said = text[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")
    if entity.type == "mention":
        return bot.is_called(said)
    if entity.type == "text_mention":
        return bot.is_me(entity.user)
    if entity.type == "bot_command":
        _, at, called = said.partition("@")
        return not at or bot.is_called(called)
    return False
