"""What a reply and a deed have in common: both go through a channel's platform."""

import sqlite3
from datetime import datetime

from socialai.errors import DeliveryError
from socialai.jobs.sender import Sender
from socialai.platforms.base import Platform
from socialai.platforms.gate import Gate
from socialai.store import channels


class ChannelSender(Sender):
    topic = "conversation"

    def stop(self, db: sqlite3.Connection, reason: str) -> None:
        channels.set_state(db, self.item.place.channel_id, "reauthorise", reason)

    def hold(self, now: datetime) -> float:
        return self._gate.wait(now)

    def heard(self, error: DeliveryError | None, now: datetime) -> None:
        """Only what says something of the platform counts: not that a contact blocked us."""
        if error is None:
            self._gate.worked(now, self.adapter().used)
        elif error.outcome in ("retry", "unknown"):
            self._gate.failed(now, error.retry_after)
        state = self._gate.state(now)
        self.app.metrics.gates.labels(self.tenant_id, self.to, self.item.place.channel_id).state(state)

    def adapter(self) -> Platform:
        """With a token that is good. DeliveryError, WrongKey."""
        return self.app.channels.fresh(self.tenant_id, self.item.place.channel_id, self.app.clock())

    @property
    def _gate(self) -> Gate:
        return self.app.channels.gate(self.tenant_id, self.item.place.channel_id)
