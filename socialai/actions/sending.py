"""A reply becomes outbox items: one for each message the platform's limit makes of it."""

import sqlite3
from datetime import datetime

from socialai.domain.conversation import Conversation
from socialai.domain.limits import Limits
from socialai.domain.reply import Reply
from socialai.domain.text import split
from socialai.store import conversations, messages, outbox


def queue(
    db: sqlite3.Connection,
    conversation: Conversation,
    reply: Reply,
    limits: Limits,
    now: datetime,
    *,
    template: bool = False,
) -> list[int]:
    """Ids of the items, to be woken after the commit. `reply` is approved; `template`: it goes out in the
    channel's message template."""
    items = []
    for text in split(reply.text, limits.wire, limits.unit):
        message_id = messages.add_outgoing(
            db,
            conversation.id,
            reply.id,
            reply.author,
            reply.user_id,
            text,
            now,
            private=reply.private,
        )
        items.append(
            outbox.add_reply(
                db,
                conversation.channel_id,
                conversation.id,
                reply.id,
                message_id,
                text,
                now,
                template=template,
            )
        )
    conversations.touched(db, conversation.id, reply.text, now)
    return items
