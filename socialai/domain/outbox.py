"""Something owed to the outside, and the ladder of its tries."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

OutboxState = Literal["queued", "sending", "sent", "unknown", "dead", "discarded"]
OutboxKind = Literal["reply", "moderate", "crm", "alert", "webhook"]
LEASE_SECONDS = 180.0
"""Longer than any send may take: after it, a `sending` item belongs to nobody and its outcome is unknown."""

RECONCILE_TRIES = 8


class OutboxItem(Struct, frozen=True):
    """One thing to be sent. Items of one `lane` go one at a time, in order; `key` travels along where it
    can, so that an echo proves it arrived; `payload` is what the kind needs besides.

    `attempts` counts sends, `started_at` is the first one's; `in_doubt`: one of them may have arrived,
    which was asked `checks` times.
    """

    id: int
    kind: OutboxKind
    lane: str
    key: str
    text: str
    state: OutboxState
    attempts: int
    due_at: datetime
    created_at: datetime
    channel_id: int | None = None
    conversation_id: int | None = None
    reply_id: int | None = None
    message_id: int | None = None
    payload: dict[str, Any] = {}
    in_doubt: bool = False
    checks: int = 0
    started_at: datetime | None = None
    lease_until: datetime | None = None
    external_id: str | None = None
    error: str | None = None
    error_code: str | None = None
    sent_at: datetime | None = None

    @property
    def place(self) -> "Place":
        """Of what goes to a channel: a reply, or a deed of moderation."""
        return Place(_there(self.channel_id), _there(self.conversation_id), _there(self.message_id))

    @property
    def of_reply(self) -> int:
        return _there(self.reply_id)


class Place(Struct, frozen=True):
    channel_id: int
    conversation_id: int
    message_id: int


def _there(number: int | None) -> int:
    assert number is not None, "the table says so of this kind of item"
    return number


def next_wait(attempts: int, ladder: tuple[float, ...], retry_after: float | None) -> float | None:
    """Seconds until the next try after `attempts` failed ones; None: it is a dead letter now."""
    if attempts > len(ladder):
        return None
    return max(ladder[attempts - 1], retry_after or 0.0)
