"""A delivery of LinkedIn's webhook, or a notification that was asked for: what happened around a Page's
posts.

Source: shared contract sheet; MS Learn, organization social action notifications.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from socialai.domain.happening import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Happening,
    Ignored,
    Received,
    Thread,
    Unreadable,
)
from socialai.errors import ParseError
from socialai.platforms.linkedin import urns
from socialai.platforms.reading import Id, decode, decode_body, moment, name, optional

TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
_LIKED = Ignored(reason="Somebody likes a post or a comment.")
_SHARED = Ignored(reason="Somebody shared a post; that is not a message.")
_NOTHING = Ignored(reason="A delivery without content.")
_NOBODY = "LinkedIn does not say who wrote this, or what"

H = TypeVar("H", Received, Echoed, Edited, Deleted)


class Delivery(Struct):
    type: str
    notifications: list[Raw] | None = None


class Content(Struct):
    """A picture in a comment."""

    type: str | None = None
    url: str | None = None


class Message(Struct):
    text: str | None = None


class Written(Struct):
    """A comment or a share, as notifications tell it or as the Comments API does. `object` is what a comment
    was written on."""

    entity: str | None = None
    owner: str | None = None
    actor: str | None = None
    object: str | None = None
    parentComment: str | None = None  # noqa: N815 - LinkedIn's name
    text: str | None = None
    message: Message | None = None
    content: Raw = Raw(b"null")

    @property
    def writer(self) -> str:
        return self.owner or self.actor or ""

    @property
    def words(self) -> str | None:
        return self.text if self.message is None else self.message.text


class Decorated(Struct):
    comment: Written | None = None
    share: Written | None = None


class Source(Struct):
    owner: str | None = None
    text: str | None = None


class Notification(Struct):
    action: str
    organizationalEntity: str | None = None  # noqa: N815
    sourcePost: str | None = None  # noqa: N815
    generatedActivity: str | None = None  # noqa: N815
    lastModifiedAt: Id | None = None  # noqa: N815
    decoratedSourcePost: Raw = Raw(b"null")  # noqa: N815
    decoratedGeneratedActivity: Raw = Raw(b"null")  # noqa: N815


class Said(Struct, frozen=True, kw_only=True):
    """One comment, or a share that names the Page: `urn` is its own, `thread` that of the post it is
    under."""

    organization: str
    urn: str
    thread: str
    at: datetime
    written: Written
    title: str | None = None

    @property
    def is_own(self) -> bool:
        return self.written.writer == self.organization

    @property
    def reply_to(self) -> str | None:
        for told in (self.written.parentComment, self.written.object):
            if told and (comment := urns.find_comment(told)):
                return comment.urn
        return None

    def say(self, what: type[H], /, contact: str, **more: Any) -> H:
        url = f"https://www.linkedin.com/feed/update/{self.thread}"
        thread = Thread(self.thread, title=self.title, url=url)
        return what(
            channel=self.organization,
            contact=contact,
            at=self.at,
            thread=thread,
            external_id=self.urn,
            **more,
        )


def parse(body: bytes) -> list[Happening]:
    """Everything a delivery says; ParseError when none of it can be read."""
    delivery = decode_body(body, Delivery, "LinkedIn")
    if delivery.type != TYPE:
        return [Ignored(reason=f"A delivery of a kind that the hub does not read: {delivery.type[:60]}.")]
    found = [_item(raw, number) for number, raw in enumerate(delivery.notifications or (), 1)]
    if found and all(isinstance(what, Unreadable) for what in found):
        raise ParseError("; ".join(what.reason for what in found[:3] if isinstance(what, Unreadable)))
    return found or [_NOTHING]


def split(body: bytes) -> dict[str, bytes]:
    """The notifications of each Page, as a delivery of its own. ParseError."""
    delivery = decode_body(body, Delivery, "LinkedIn")
    pages: dict[str, list[Raw]] = {}
    for raw in delivery.notifications or ():
        pages.setdefault(name(decode(raw, Notification).organizationalEntity), []).append(raw)
    return {page: msgspec.json.encode(Delivery(delivery.type, found)) for page, found in pages.items()}


def _item(raw: Raw, number: int) -> Happening:
    try:
        notification = decode(raw, Notification)
        reader = _READERS.get(notification.action)
        if reader is None:
            return Ignored(reason=f"An action the hub does not know: {notification.action[:40]}.")
        return reader(notification)
    except ParseError as error:
        return Unreadable(reason=f"Notification {number}: {error}")


def _liked(_notification: Notification) -> Happening:
    return _LIKED


def _shared(_notification: Notification) -> Happening:
    return _SHARED


def _commented(notification: Notification) -> Happening:
    """The Page's own words name no contact: they belong to whom they answer."""
    said = _comment(notification)
    text, files = said.written.words or "", _files(said.written)
    if said.is_own or (notification.action == "ADMIN_COMMENT" and not said.written.writer):
        return said.say(Echoed, "", text=text, attachments=files, reply_to=said.reply_to)
    return said.say(
        Received,
        _writer(said),
        kind=_kind(text, files),
        text=text,
        attachments=files,
        reply_to=said.reply_to,
    )


def _edited(notification: Notification) -> Happening:
    said = _comment(notification)
    if said.written.words is None:
        raise ParseError(_NOBODY)
    return said.say(Edited, "" if said.is_own else said.written.writer, text=said.written.words)


def _deleted(notification: Notification) -> Happening:
    """What was never kept is not kept as deleted either, so nobody is named."""
    return _comment(notification).say(Deleted, "")


def _mentioned(notification: Notification) -> Happening:
    said = _share(notification)
    if said.is_own:
        return Ignored(reason="The Page's own post.")
    text, files = said.written.words or "", _files(said.written)
    return said.say(Received, _writer(said), kind=_kind(text, files), text=text, attachments=files)


def _comment(notification: Notification) -> Said:
    told = (optional(notification.decoratedGeneratedActivity, Decorated) or Decorated()).comment or Written()
    named = told.entity or notification.generatedActivity or ""
    comment = urns.find_comment(named)
    if comment is None:
        raise ParseError("the comment is not named")
    organization = name(notification.organizationalEntity)
    source = optional(notification.decoratedSourcePost, Source) or Source()
    return Said(
        organization=organization,
        urn=comment.urn,
        thread=comment.thread,
        at=_time(notification, comment.urn),
        written=told,
        title=source.text if source.owner == organization else None,
    )


def _share(notification: Notification) -> Said:
    told = (optional(notification.decoratedGeneratedActivity, Decorated) or Decorated()).share or Written()
    urn = name(told.entity or notification.generatedActivity or notification.sourcePost)
    return Said(
        organization=name(notification.organizationalEntity),
        urn=urn,
        thread=urn,
        at=_time(notification, urn),
        written=told,
    )


def _writer(said: Said) -> str:
    if not said.written.writer:
        raise ParseError(_NOBODY)
    return said.written.writer


def _kind(text: str, files: tuple[Attachment, ...]) -> Any:
    return "text" if text else "attachment" if files else "unsupported"


def _files(written: Written) -> tuple[Attachment, ...]:
    found = optional(written.content, list[Content]) or []
    urls = (each.url for each in found if each.url and each.url.startswith(("https://", "http://")))
    return tuple(Attachment("image", url=url) for url in urls)


def _time(notification: Notification, urn: str) -> datetime:
    told = notification.lastModifiedAt
    return moment(told) if told is not None else urns.time_of(urn)


_READERS: Mapping[str, Callable[[Notification], Happening]] = {
    "LIKE": _liked,
    "SHARE": _shared,
    "COMMENT": _commented,
    "COMMENT_MENTION": _commented,
    "ADMIN_COMMENT": _commented,
    "COMMENT_EDIT": _edited,
    "COMMENT_DELETE": _deleted,
    "SHARE_MENTION": _mentioned,
}
