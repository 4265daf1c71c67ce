"""What may be done to which message of a thread."""

from collections.abc import Iterable

from socialai.actions.moderation import possible
from socialai.channels import adapter_kind
from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation, Message
from socialai.domain.moderation import Deed

_ORDER: tuple[Deed, ...] = ("edit", "hide", "unhide", "delete")


def deeds(conversation: Conversation, channel: Channel, said: Iterable[Message]) -> dict[int, list[Deed]]:
    """By message; what is hidden cannot be hidden again."""
    able = adapter_kind(channel.platform).capabilities
    found = {
        message.id: [
            deed
            for deed in _ORDER
            if deed in possible(able, conversation, message)
            and deed != ("hide" if message.hidden_at else "unhide")
        ]
        for message in said
        if message.external_id and not message.deleted_at
    }
    return {message_id: sensible for message_id, sensible in found.items() if sensible}
