"""Something owed to the outside, and the ladder of its tries."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

OutboxState = Literal["queued", "sending", "sent", "unknown", "dead", "discarded"]
LEASE_SECONDS = 180.0
"""Longer than any send may take: after it, a `sending` item belongs to nobody and its outcome is unknown."""

RECONCILE_TRIES = 8


class OutboxItem(Struct, frozen=True):
    """One message on the wire. `key` travels with it, so that an echo proves it arrived.

    `attempts` counts sends, `started_at` is the first one's; `in_doubt`: one of them may have arrived,
    which was asked `checks` times.
    """

    id: int
    channel_id: int
    conversation_id: int
    reply_id: int
    message_id: int
    key: str
    text: str
    state: OutboxState
    attempts: int
    due_at: datetime
    created_at: datetime
    in_doubt: bool = False
    checks: int = 0
    started_at: datetime | None = None
    lease_until: datetime | None = None
    external_id: str | None = None
    error: str | None = None
    error_code: str | None = None
    sent_at: datetime | None = None


def next_wait(attempts: int, ladder: tuple[float, ...], retry_after: float | None) -> float | None:
    """Seconds until the next try after `attempts` failed ones; None: it is a dead letter now."""
    if attempts > len(ladder):
        return None
    return max(ladder[attempts - 1], retry_after or 0.0)
