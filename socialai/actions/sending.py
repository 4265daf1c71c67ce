"""A reply becomes outbox items: one for each message the platform's limit makes of it."""

import sqlite3
from datetime import datetime

from socialai.domain.conversation import Conversation
from socialai.domain.reply import Reply
from socialai.domain.text import split
from socialai.platforms.base import Limits
from socialai.store import conversations, messages, outbox


def queue(
    db: sqlite3.Connection, conversation: Conversation, reply: Reply, limits: Limits, now: datetime
) -> list[int]:
    """Ids of the items, to be woken after the commit. `reply` is approved."""
    items = []
    for text in split(reply.text, limits.wire):
        message_id = messages.add_outgoing(
            db, conversation.id, reply.id, reply.author, reply.user_id, text, now
        )
        items.append(
            outbox.add(db, conversation.channel_id, conversation.id, reply.id, message_id, text, now)
        )
    conversations.touched(db, conversation.id, reply.text, now)
    return items
