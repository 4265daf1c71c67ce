"""Who writes in the chat on the shop's own site, and how much of it."""

from datetime import datetime, timedelta

from msgspec import Struct

KEPT = timedelta(days=90)
"""After their last visit, what they are known again by."""
BURST = 40.0
A_SECOND = 0.5
"""Requests of one visitor: so many at once, and so many more with each second."""
LONGEST = 4000
MOST_FILES = 5
FILE_BYTES = 5 * 1024 * 1024
UPLOAD_BYTES = 20 * 1024 * 1024
"""Of files that a visitor chose and did not send yet."""
UPLOADS_KEPT = timedelta(hours=6)
NEW_WITHIN = timedelta(minutes=10)
MOST_NEW = 300
MOST_NEW_OF_ONE = 30
"""New visitors of a chat within `NEW_WITHIN`, and of them from one place."""
TAKEN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
"""Files by what is in them; and plain text."""


class Visitor(Struct, frozen=True):
    id: int
    channel_id: int
    external_id: str
    introduced_at: datetime | None
    allowance: float
    refilled_at: datetime

    def at(self, now: datetime) -> float:
        """Requests they may make now."""
        waited = max((now - self.refilled_at).total_seconds(), 0.0)
        return min(self.allowance + waited * A_SECOND, BURST)


class Line(Struct, frozen=True):
    """A message as its visitor sees it: `by` is visitor, assistant or team."""

    id: str
    by: str
    text: str
    at: datetime
    files: tuple[str, ...] = ()
