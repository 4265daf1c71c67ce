"""What X delivers that the hub knows and does not keep, each with its reason."""

from collections.abc import Iterable, Mapping

from socialai.domain.happening import Ignored

_EVENTS: Mapping[str, str] = {
    "like.": "Somebody likes a post.",
    "follow.": "Somebody follows the account, or no longer does.",
    "profile.": "A profile changed.",
    "mute.": "The account muted somebody, or no longer does.",
    "block.": "The account blocked somebody, or no longer does.",
    "spaces.": "A Space began or ended.",
    "broadcast.": "The chat of a broadcast; the hub does not read those.",
    "news.": "News that X chose.",
    "post.quote.": "Somebody quoted a post without naming the account.",
    "post.repost.": "Somebody shared a post; that is not a message.",
    "dm.indicate_typing": "The contact is writing.",
    "dm.read": "Something was read, and X does not say what.",
    "chat.": "A change of an encrypted conversation, which nobody but X's own apps can read.",
}
"""By how the event's name begins."""
_OLDER: Mapping[str, str] = {
    "favorite_events": _EVENTS["like."],
    "follow_events": _EVENTS["follow."],
    "unfollow_events": _EVENTS["follow."],
    "block_events": _EVENTS["block."],
    "unblock_events": _EVENTS["block."],
    "mute_events": _EVENTS["mute."],
    "unmute_events": _EVENTS["mute."],
    "direct_message_indicate_typing_events": _EVENTS["dm.indicate_typing"],
    "replay_job_status": "X's own report about deliveries that were asked for again.",
}
_AROUND = frozenset({"for_user_id", "users", "apps", "user_has_blocked", "is_blocked_by"})


def event(kind: str) -> Ignored:
    known = next((reason for start, reason in _EVENTS.items() if kind.startswith(start)), None)
    return Ignored(reason=known or f"An event the hub does not know: {kind[:40]}.")


def is_known(fields: Iterable[str]) -> bool:
    """Whether an older delivery has one of these."""
    return not _OLDER.keys().isdisjoint(fields)


def older(fields: Iterable[str]) -> list[Ignored]:
    """What an older delivery holds that we do not read, each kind with its reason."""
    return [
        Ignored(reason=_OLDER.get(field, f"An event the hub does not know: {field[:40]}."))
        for field in sorted(fields)
        if field not in _AROUND
    ]


def nothing() -> Ignored:
    return Ignored(reason="A delivery without content.")


def blocked() -> Ignored:
    return Ignored(reason="Somebody whom the account blocked.")
