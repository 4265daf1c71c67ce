"""What a person does to a message that is on the platform already: hide, show, delete, change it."""

import sqlite3

from socialai.channels import adapter_kind
from socialai.context import App
from socialai.domain.conversation import Conversation, Message
from socialai.domain.moderation import Deed
from socialai.errors import InvalidInput
from socialai.platforms.base import Platform
from socialai.platforms.capabilities import Capabilities
from socialai.security.permissions import Principal
from socialai.store import channels, conversations, messages, outbox


def moderate(app: App, who: Principal, message_id: int, deed: Deed, text: str = "") -> int:
    """The outbox item that does it. InvalidInput when the platform has no way to."""
    now, text = app.clock(), text.strip()

    def run(db: sqlite3.Connection) -> int:
        message = messages.get(db, message_id)
        conversation = conversations.get(db, message.conversation_id)
        if message.author == "contact" and not conversation.in_public:
            raise InvalidInput("A private message belongs to who wrote it.")
        kind = adapter_kind(channels.get(db, conversation.channel_id).platform)
        _check(kind, message, deed, text, possible(kind.capabilities, conversation, message))
        return outbox.add_deed(db, conversation, message_id, deed, text, now)

    item_id = app.files.tenant(who.tenant_id).write(run)
    app.tasks.wake("deliver", who.tenant_id, item_id)
    return item_id


def _check(kind: type[Platform], message: Message, deed: Deed, text: str, possible: frozenset[Deed]) -> None:
    if deed not in possible:
        raise InvalidInput(f"{kind.title} has no way to {deed} this.")
    if message.external_id is None or message.deleted_at:
        raise InvalidInput("This message is not on the platform (any more).")
    if deed == "edit" and not text:
        raise InvalidInput("The new text is empty. Write something first.")


def possible(able: Capabilities, conversation: Conversation, message: Message) -> frozenset[Deed]:
    """A private message of the contact's belongs to who wrote it."""
    in_public = conversation.in_public and not message.private
    if message.author == "contact":
        return able.deeds if in_public else frozenset()
    return able.own_deeds if in_public else able.private_deeds
