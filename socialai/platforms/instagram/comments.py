"""Comments of an account's media, and what else comes as a change.

Nobody tells of a comment that was edited or deleted. Source: shared contract sheet, Webhook.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from socialai.domain.happening import Echoed, Happening, Ignored, Profile, Received, Thread
from socialai.platforms.meta import ignored, items
from socialai.platforms.meta.wire import Change, Entry, instant
from socialai.platforms.reading import Id, decode, name

_COMMENTS = frozenset({"comments", "live_comments"})
_OF_NO_INTEREST: Mapping[str, str] = {
    "mentions": "Somebody mentioned the account under a post that is not its own; "
    "Instagram says neither who it was nor what they wrote.",
    "story_insights": "Figures of a story that ended.",
    "messaging_handover": "The conversation was given to or taken from another app.",
    "follow": "Somebody follows the account.",
}
_NOBODY = Ignored(reason="Instagram does not say who it was, so nobody can be answered.")


class Person(Struct):
    """`self_ig_scoped_id` comes when it is the account itself."""

    id: Id | None = None
    username: str | None = None
    self_ig_scoped_id: Id | None = None


class Media(Struct):
    """What was commented on. Its words and its address come only with what we asked for ourselves."""

    id: Id | None = None
    caption: str | None = None
    permalink: str | None = None


class Comment(Struct):
    """Old ones lack the person and the media. Only those we asked for ourselves carry a time of their own."""

    id: Id | None = None
    text: str | None = None
    person: Person | None = field(name="from", default=None)
    media: Media | None = None
    parent_id: Id | None = None
    timestamp: Id | None = None


def read(change: Change, entry: Entry) -> list[Happening]:
    """ParseError when what is needed is missing."""
    if change.field in items.FIELDS:
        return items.of_change(change, entry)
    if change.field not in _COMMENTS:
        reason = _OF_NO_INTEREST.get(change.field)
        return [Ignored(reason=reason) if reason else ignored.change(change.field)]
    several = bytes(change.value).startswith(b"[")
    found = decode(change.value, list[Comment]) if several else [decode(change.value, Comment)]
    return [_comment(each, entry) for each in found]


def _comment(comment: Comment, entry: Entry) -> Happening:
    person, account = comment.person or Person(), name(entry.id)
    author = str(person.id if person.id is not None else person.username or "")
    if not author:
        return _NOBODY
    text, reply_to = comment.text or "", None if comment.parent_id is None else str(comment.parent_id)
    at = instant(name(comment.timestamp if comment.timestamp is not None else entry.time))
    external_id, thread = name(comment.id), _thread(comment)
    if author == account or person.self_ig_scoped_id is not None:
        return Echoed(
            channel=account, at=at, thread=thread, external_id=external_id, text=text, reply_to=reply_to
        )
    return Received(
        channel=account,
        contact=author,
        at=at,
        thread=thread,
        external_id=external_id,
        kind="text" if text else "unsupported",
        text=text,
        reply_to=reply_to,
        profile=_profile(person),
    )


def _thread(comment: Comment) -> Thread:
    """Where the media is not told, what it is all about is the comment that came first."""
    media = comment.media or Media()
    first = comment.parent_id if comment.parent_id is not None else comment.id
    return Thread(name(media.id if media.id is not None else first), title=media.caption, url=media.permalink)


def _profile(person: Person) -> Profile | None:
    return Profile(person.username, {"username": person.username}) if person.username else None
