"""One connected account on a platform."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from socialai.domain.triage import Intent

Mode = Literal["draft", "auto"]
ChannelState = Literal["active", "reauthorise", "paused"]


class Channel(Struct, frozen=True):
    """`config` holds the fields that are not secret; `auto_intents` are those answered without a person."""

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
