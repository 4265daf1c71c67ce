"""What one kind of outbox item does differently; claims, the ladder of tries and dead letters are the same
for all."""

import sqlite3
from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar

from socialai.context import App
from socialai.domain.outbox import OutboxItem, next_wait
from socialai.errors import DeliveryError
from socialai.feed import Change


class Sender(ABC):
    """One claimed item on its way. `to` names where it goes in the metrics, `trace` whose way it is on."""

    to: str = "other"
    trace: str | None = None
    topic: ClassVar[Change]
    """What the pages that show it listen to."""

    def __init__(self, app: App, tenant_id: str, item: OutboxItem) -> None:
        self.app, self.tenant_id, self.item = app, tenant_id, item

    @abstractmethod
    def prepare(self, db: sqlite3.Connection, now: datetime) -> bool:
        """Read what sending needs, where the item is claimed. False: it shall not be sent any more, which is
        written here."""

    @abstractmethod
    def send(self, now: datetime) -> str:
        """Put it on the wire: the id it has there, or DeliveryError. WrongKey: its credentials cannot be
        opened."""

    def find_sent(self, _since: datetime) -> str | None:
        """Ask whether it arrived after all; DeliveryError when that cannot be told now. What changes nothing
        the second time is simply sent again."""
        return None

    @abstractmethod
    def arrived(self, db: sqlite3.Connection, external_id: str, now: datetime) -> None:
        """It did, for the first time."""

    @abstractmethod
    def died(self, db: sqlite3.Connection, reason: str, now: datetime) -> None:
        """It is a dead letter now."""

    @abstractmethod
    def stop(self, db: sqlite3.Connection, reason: str) -> None:
        """What it goes through takes nothing more until a person connects it again."""

    def hold(self, _now: datetime) -> float:
        """Seconds for which nothing is sent the way it goes; 0: it may go now."""
        return 0.0

    def heard(self, _error: DeliveryError | None, _now: datetime) -> None:
        """What came of asking the other side; None: it worked."""
        return

    def wait(self, retry_after: float | None) -> float | None:
        """Seconds to the next try; None: there is none."""
        return next_wait(self.item.attempts, self.app.settings.retry_seconds, retry_after)
