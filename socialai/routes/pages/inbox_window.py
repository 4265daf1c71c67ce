"""The reply window: how long the platform still takes an answer, and why it takes none."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from socialai.channels import adapter_kind
from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation, Message
from socialai.platforms.base import Template

_SOON = timedelta(hours=4)


class ReplyWindow(Struct, frozen=True):
    ends_at: datetime
    state: Literal["open", "closing", "closed"]


def reply_window(conversation: Conversation, platform: str, now: datetime) -> ReplyWindow | None:
    """None: the platform has no window, or the contact has not written."""
    limits = adapter_kind(platform).capabilities.limits(in_public=conversation.in_public)
    ends_at = conversation.window_ends_at(limits.window)
    if ends_at is None:
        return None
    if ends_at <= now:
        return ReplyWindow(ends_at, "closed")
    return ReplyWindow(ends_at, "closing" if ends_at - now <= _SOON else "open")


def why_blocked(
    conversation: Conversation, channel: Channel, last: Message | None, now: datetime
) -> str | None:
    """The sentence that stands where the reply would be written; None when it can be. `last` is what the
    contact said last."""
    if channel.state == "reauthorise":
        return f"{channel.name} is disconnected, so nothing can be sent. Connect the channel again first."
    if channel.state == "paused":
        return f"{channel.name} is paused, so nothing can be sent."
    if last and last.closed:
        return last.closed
    window = _window(conversation, channel)
    if _is_open(conversation, window, now) or template_instead(conversation, channel, now):
        return None
    return _window_over(channel, window)


def template_instead(conversation: Conversation, channel: Channel, now: datetime) -> Template | None:
    """What may still be sent where the window is closed."""
    is_open = _is_open(conversation, _window(conversation, channel), now)
    return None if is_open else adapter_kind(channel.platform).template(channel.config)


def private_answer_ends_at(
    conversation: Conversation, platform: str, last: Message | None
) -> datetime | None:
    """Until when a comment may be answered in private; None where it may not at all."""
    span = adapter_kind(platform).capabilities.private_answer
    return last.sent_at + span if conversation.in_public and span and last else None


def _window(conversation: Conversation, channel: Channel) -> timedelta | None:
    """The platform's leave for people to answer later is a switch of the channel's own."""
    limits = adapter_kind(channel.platform).capabilities.limits(in_public=conversation.in_public)
    return (channel.config.get("human_agent") and limits.human_window) or limits.window


def _is_open(conversation: Conversation, window: timedelta | None, now: datetime) -> bool:
    ends_at = conversation.window_ends_at(window)
    return window is None or (ends_at is not None and ends_at > now)


def _window_over(channel: Channel, window: timedelta | None) -> str:
    assert window, "without one none is over"
    hours = round(window.total_seconds() / 3600)
    span = f"{hours} hours" if hours <= 48 else f"{hours // 24} days"
    title = adapter_kind(channel.platform).title
    return (
        f"{title} takes replies only for {span} after a person's last message, "
        "and that time is over. As soon as they write again, you can answer here."
    )
