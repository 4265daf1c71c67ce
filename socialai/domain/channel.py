"""One connected account on a platform."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from socialai.domain.triage import Intent

Mode = Literal["draft", "auto"]
Polls = Literal["auto", "on", "off"]
ChannelState = Literal["active", "reauthorise", "paused"]


class Channel(Struct, frozen=True):
    """`config` holds the fields that are not secret; `auto_intents` are those answered without a person.

    `token_expires_at` None: never, or not told. `polls`: 'auto' asks for news where that costs nothing.
    `poll_cost` is what asking has cost, in US dollars.
    """

    id: int
    platform: str
    external_id: str
    name: str
    config: dict[str, Any]
    mode: Mode
    auto_intents: tuple[Intent, ...]
    state: ChannelState
    created_at: datetime
    state_reason: str | None = None
    last_event_at: datetime | None = None
    token_expires_at: datetime | None = None
    renew_error: str | None = None
    checked_at: datetime | None = None
    polls: Polls = "auto"
    polled_at: datetime | None = None
    poll_error: str | None = None
    poll_cost: float = 0.0
