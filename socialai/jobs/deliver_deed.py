"""Hide, show, delete or change a message on the platform. Doing it twice changes nothing."""

import sqlite3
from datetime import datetime

import msgspec

from socialai.domain.moderation import DONE, Deed
from socialai.jobs.channel_sender import ChannelSender
from socialai.store import activities, channels, conversations, message_changes, messages


class DeedSender(ChannelSender):
    def prepare(self, db: sqlite3.Connection, _now: datetime) -> bool:
        place = self.item.place
        self._deed = msgspec.convert(self.item.payload["deed"], Deed)
        self._message = messages.get(db, place.message_id)
        self.to = channels.get(db, place.channel_id).platform
        self.trace = self._message.trace_id
        return self._message.external_id is not None

    def send(self, _now: datetime) -> str:
        external_id = self._message.external_id
        assert external_id, "prepare looked"
        self.adapter().moderate(self._deed, external_id, self.item.text)
        return external_id

    def arrived(self, db: sqlite3.Connection, _external_id: str, now: datetime) -> None:
        message_changes.moderated(db, self._message, self._deed, self.item.text, now)
        conversations.changed(db, self._message.conversation_id)
        activities.add(db, self._message.conversation_id, "moderated", DONE[self._deed], now)

    def died(self, db: sqlite3.Connection, reason: str, now: datetime) -> None:
        activities.add(db, self._message.conversation_id, "not_sent", f"Not done: {reason}", now)
