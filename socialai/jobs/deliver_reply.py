"""Send one message of a reply."""

import sqlite3
from contextlib import suppress
from datetime import datetime

from socialai.domain.conversation import Conversation
from socialai.errors import DeliveryError
from socialai.jobs.channel_sender import ChannelSender
from socialai.platforms.base import Outgoing
from socialai.store import activities, channels, contacts, conversations, messages, outbox, replies, tries


class ReplySender(ChannelSender):
    def prepare(self, db: sqlite3.Connection, now: datetime) -> bool:
        item, place = self.item, self.item.place
        conversation = conversations.get(db, place.conversation_id)
        self.to = channels.get(db, place.channel_id).platform
        self.trace = outbox.find_trace(db, item.id)
        if item.state == "sending" and self._is_talked_over(db, conversation):
            self._withdraw(db, now)
            return False
        self._outgoing = self._read(db, conversation)
        return True

    def send(self, now: datetime) -> str:
        adapter = self.adapter()
        if self.item.attempts == 1 and not self._outgoing.in_public:
            with suppress(DeliveryError):
                adapter.typing(self._outgoing)
        return adapter.send(self._outgoing, now)

    def find_sent(self, since: datetime) -> str | None:
        return self.adapter().find_sent(self._outgoing, since)

    def arrived(self, db: sqlite3.Connection, external_id: str, now: datetime) -> None:
        messages.sent(db, self.item.place.message_id, external_id, now)
        replies.finish(db, self.item.of_reply)

    def died(self, db: sqlite3.Connection, reason: str, now: datetime) -> None:
        replies.finish(db, self.item.of_reply)
        activities.add(db, self.item.place.conversation_id, "not_sent", f"Not sent: {reason}", now)

    def _is_talked_over(self, db: sqlite3.Connection, conversation: Conversation) -> bool:
        """The assistant's own answer, and meanwhile a person has the conversation."""
        return conversation.owner_id is not None and replies.get(db, self.item.of_reply).user_id is None

    def _withdraw(self, db: sqlite3.Connection, now: datetime) -> None:
        reason = "a person took over before it could be"
        tries.withdraw(db, self.item.of_reply, f"Not sent: {reason}.")
        replies.withdraw(db, self.item.of_reply)
        activities.add(db, self.item.place.conversation_id, "not_sent", f"Not sent: {reason}", now)

    def _read(self, db: sqlite3.Connection, conversation: Conversation) -> Outgoing:
        """A draft that a person approved is a person's message."""
        ours = messages.get(db, self.item.place.message_id)
        asked = messages.find_last_of_contact(db, conversation.id)
        names = contacts.names(db, conversation.contact_id, conversation.channel_id)
        return Outgoing(
            contact=names[0],
            also=tuple(names[1:]),
            text=self.item.text,
            key=self.item.key,
            last_contact_message_at=conversation.last_contact_message_at,
            by_person=ours.user_id is not None,
            known=outbox.arrived(db, conversation.id) if self.item.state == "unknown" else frozenset(),
            thread=conversation.thread,
            answers=asked.external_id if asked else None,
            answers_at=asked.sent_at if asked else None,
            private=ours.private,
            template=bool(self.item.payload.get("template")),
        )
