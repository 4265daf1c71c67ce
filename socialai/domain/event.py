"""One raw delivery, kept before it is acknowledged."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

EventState = Literal["received", "processed", "dead", "discarded"]
Source = Literal["webhook", "poll"]
"""`webhook`: it came as its platform's news come; `poll`: it was asked for, in case that had failed."""


class Delivery(Struct, frozen=True):
    """A delivery that is not kept yet."""

    platform: str
    body: bytes
    trace_id: str
    received_at: datetime
    source: Source = "webhook"


class Event(Struct, frozen=True):
    """`recovered` counts messages that it brought although no webhook had: it was polled."""

    id: int
    platform: str
    body: bytes
    state: EventState
    trace_id: str
    received_at: datetime
    error: str | None = None
    processed_at: datetime | None = None
    source: Source = "webhook"
    recovered: int = 0


class EventSummary(Struct, frozen=True):
    """An event without its body; `size` in bytes."""

    id: int
    platform: str
    size: int
    state: EventState
    trace_id: str
    received_at: datetime
    error: str | None = None
    processed_at: datetime | None = None
    source: Source = "webhook"
    recovered: int = 0
