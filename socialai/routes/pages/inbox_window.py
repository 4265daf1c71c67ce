"""The reply window: how long the platform still takes an answer."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from socialai.channels import adapter_kind
from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation

_SOON = timedelta(hours=4)


class ReplyWindow(Struct, frozen=True):
    ends_at: datetime
    state: Literal["open", "closing", "closed"]


def reply_window(conversation: Conversation, platform: str, now: datetime) -> ReplyWindow | None:
    """None: the platform has no window, or the contact has not written."""
    ends_at = conversation.window_ends_at(adapter_kind(platform).limits.window)
    if ends_at is None:
        return None
    if ends_at <= now:
        return ReplyWindow(ends_at, "closed")
    return ReplyWindow(ends_at, "closing" if ends_at - now <= _SOON else "open")


def why_blocked(conversation: Conversation, channel: Channel, now: datetime) -> str | None:
    """The sentence that stands where the reply would be written; None when it can be."""
    if channel.state == "reauthorise":
        return f"{channel.name} is disconnected, so nothing can be sent. Connect the channel again first."
    if channel.state == "paused":
        return f"{channel.name} is paused, so nothing can be sent."
    return _window_closed(conversation, channel, now)


def _window_closed(conversation: Conversation, channel: Channel, now: datetime) -> str | None:
    kind = adapter_kind(channel.platform)
    window = kind.limits.window
    # The platform's leave for people to answer later is a switch of the channel's own.
    if channel.config.get("human_agent") and kind.limits.human_window:
        window = kind.limits.human_window
    ends_at = conversation.window_ends_at(window)
    if window is None or (ends_at and ends_at > now):
        return None
    hours = round(window.total_seconds() / 3600)
    span = f"{hours} hours" if hours <= 48 else f"{hours // 24} days"
    return (
        f"{kind.title} takes replies only for {span} after a person's last message, "
        "and that time is over. As soon as they write again, you can answer here."
    )
