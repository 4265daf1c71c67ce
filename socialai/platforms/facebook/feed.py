"""Changes of a Page's feed: comments and what visitors post.

Comments come in the field `feed`, and so do the Page's own. Source: shared contract sheet, Page feed change
shape.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct, field

from socialai.domain.happening import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Happening,
    Hidden,
    Ignored,
    Profile,
    Received,
    Thread,
)
from socialai.platforms.meta import ignored, items
from socialai.platforms.meta.wire import Change, Entry, instant
from socialai.platforms.reading import Id, decode, name

_POSTS = frozenset({"post", "status", "photo", "video", "share", "note", "link"})
_OF_NO_INTEREST = {
    "like": "Somebody likes a post, a comment or the Page.",
    "reaction": "Somebody reacted to a post or a comment.",
    "event": "An event of the Page changed.",
    "album": "An album of the Page changed.",
}
_NOBODY = Ignored(reason="Facebook does not say who it was, so nobody can be answered.")
_OWN_POST = Ignored(reason="The Page's own post.")

H = TypeVar("H", Received, Echoed, Edited, Deleted, Hidden)


class Person(Struct):
    id: Id | None = None
    name: str | None = None


class Post(Struct):
    permalink_url: str | None = None


class Value(Struct):
    """One change. Older versions put the person into `sender_id` and `sender_name`."""

    item: str = ""
    verb: str = ""
    comment_id: Id | None = None
    post_id: Id | None = None
    parent_id: Id | None = None
    person: Person | None = field(name="from", default=None)
    sender_id: Id | None = None
    sender_name: str | None = None
    message: str | None = None
    created_time: Id | None = None
    photo: str | None = None
    video: str | None = None
    link: str | None = None
    post: Post | None = None


class Said(Struct, frozen=True):
    """A comment or a visitor's post, by whom and where. `author` '' is not told."""

    value: Value
    page: str
    author: str
    external_id: str
    at: datetime

    @property
    def is_own(self) -> bool:
        return self.author == self.page

    def say(self, what: type[H], /, **more: Any) -> H:
        """The Page's own words name no contact: they belong to whom they answer."""
        value = self.value
        url = value.post.permalink_url if value.post else None
        thread = Thread(name(value.post_id), url=url or f"https://www.facebook.com/{value.post_id}")
        return what(
            channel=self.page,
            contact="" if self.is_own else self.author,
            at=self.at,
            thread=thread,
            external_id=self.external_id,
            **more,
        )


def read(change: Change, entry: Entry) -> list[Happening]:
    """ParseError when what is needed is missing."""
    if change.field in items.FIELDS:
        return items.of_change(change, entry)
    if change.field not in ("feed", "mention"):
        return [ignored.change(change.field)]
    value = decode(change.value, Value)
    is_post = value.comment_id is None
    if is_post and value.item not in _POSTS:
        reason = _OF_NO_INTEREST.get(value.item)
        return [Ignored(reason=reason) if reason else ignored.change(f"feed {value.item}")]
    if value.item in _OF_NO_INTEREST:
        return [Ignored(reason=_OF_NO_INTEREST[value.item])]
    reader = _READERS.get(value.verb)
    if reader is None:
        return [ignored.change(f"feed {value.item} {value.verb}")]
    said = _said(value, entry)
    return [_OWN_POST if said.is_own and is_post else reader(said)]


def _said(value: Value, entry: Entry) -> Said:
    """A change has no time of its own beside its entry's; what was added, was so when it was created."""
    times = (value.created_time, entry.time) if value.verb == "add" else (entry.time, value.created_time)
    told = next((at for at in times if at is not None), None)
    person = value.person or Person()
    author = person.id if person.id is not None else value.sender_id
    return Said(
        value=value,
        page=name(entry.id),
        author="" if author is None else str(author),
        external_id=name(value.comment_id if value.comment_id is not None else value.post_id),
        at=instant(name(told)),
    )


def _added(said: Said) -> Happening:
    if not said.author:
        return _NOBODY
    value = said.value
    text, files = value.message or "", _files(value)
    if said.is_own:
        return said.say(Echoed, text=text, attachments=files, reply_to=_parent(value))
    person = value.person or Person()
    display = person.name or value.sender_name
    return said.say(
        Received,
        kind="text" if text else "attachment" if files else "unsupported",
        text=text,
        attachments=files,
        reply_to=_parent(value),
        profile=Profile(display) if display else None,
    )


def _edited(said: Said) -> Happening:
    return said.say(Edited, text=said.value.message or "")


def _removed(said: Said) -> Happening:
    return said.say(Deleted)


def _hidden(said: Said) -> Happening:
    return said.say(Hidden, hidden=said.value.verb == "hide")


def _parent(value: Value) -> str | None:
    """The comment it answers; a comment on the post itself answers none."""
    if value.parent_id is None or str(value.parent_id) in (str(value.post_id), str(value.comment_id)):
        return None
    return str(value.parent_id)


def _files(value: Value) -> tuple[Attachment, ...]:
    found = (("image", value.photo), ("video", value.video), ("link", value.link))
    return tuple(
        Attachment(kind, url=url) for kind, url in found if url and url.startswith(("https://", "http://"))
    )


_READERS: Mapping[str, Callable[[Said], Happening]] = {
    "add": _added,
    "edit": _edited,
    "edited": _edited,
    "remove": _removed,
    "hide": _hidden,
    "unhide": _hidden,
}
