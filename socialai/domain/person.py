"""One person with several names: on channels, and as contacts that may be the same."""

from datetime import datetime

from msgspec import Struct

from socialai.domain.conversation import Contact


class Identity(Struct, frozen=True):
    """Who a contact is on a channel."""

    id: int
    channel_id: int
    platform: str
    channel_name: str
    external_id: str


class Pair(Struct, frozen=True):
    """Two contacts that may be one person, and why, as a plain sentence."""

    one: Contact
    other: Contact
    why: str


class Merge(Struct, frozen=True):
    """Two contacts joined into one; `gone_name` is what the other was called."""

    id: int
    survivor_id: int
    gone_id: int
    gone_name: str
    merged_at: datetime
    user_id: int | None = None


class Preview(Struct, frozen=True):
    """What joining would bring together."""

    survivor: Contact
    gone: Contact
    identities: tuple[Identity, ...]
    conversations: int
    messages: int
