"""One post, whichever API told of it, and what it is for us.

A post that names the account, or answers it, is a comment: all of its thread with one contact is a
conversation.
Source: shared contract sheet; docs.x.com, X Activity API.
"""

from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from socialai.domain.happening import (
    Attachment,
    Echoed,
    Edited,
    Happening,
    Ignored,
    Profile,
    Received,
    Thread,
)

NOT_SUMMONED = (
    "X lets a program answer only posts that mention or quote the account, and this one does neither. "
    "Answer it on x.com."
)
_OWN_POST = Ignored(reason="The account's own post.")
_SHARED = Ignored(reason="Somebody shared a post; that is not a message.")
_QUOTED = Ignored(reason="Somebody quoted a post without naming the account.")
_ELSEWHERE = Ignored(reason="A post that neither names the account nor answers it.")

H = TypeVar("H", Received, Echoed, Edited)


class Said(Struct, frozen=True, kw_only=True):
    """`shown` is its text without the names that X puts before an answer; `mentions` the account in what its
    author wrote, `answers_us` or `quotes_us` a post of the account's; `first` is its id before it was edited.
    """

    id: str
    first: str
    author: str
    at: datetime
    text: str
    shown: str
    thread: str
    thread_title: str | None = None
    reply_to: str | None = None
    files: tuple[Attachment, ...] = ()
    profile: Profile | None = None
    mentions: bool = False
    answers_us: bool = False
    quotes_us: bool = False
    shares: bool = False

    def becomes(self, account: str) -> Happening:
        if self.shares:
            return _SHARED
        if self.author == account:
            return self._of_ours(account)
        if not (self.mentions or self.answers_us):
            return _QUOTED if self.quotes_us else _ELSEWHERE
        if self.id != self.first:
            return self._say(Edited, account, contact=self.author, text=self.text)
        return self._say(
            Received,
            account,
            contact=self.author,
            kind="text" if self.text else "attachment" if self.files else "unsupported",
            text=self.text,
            attachments=self.files,
            reply_to=self.reply_to,
            closed=None if self.mentions or self.quotes_us else NOT_SUMMONED,
            profile=self.profile,
        )

    def _of_ours(self, account: str) -> Happening:
        """The account's own words name no contact: they belong to whom they answer."""
        if self.id != self.first:
            return self._say(Edited, account, text=self.shown)
        if self.reply_to is None:
            return _OWN_POST
        return self._say(Echoed, account, text=self.shown, attachments=self.files, reply_to=self.reply_to)

    def _say(self, what: type[H], account: str, **more: Any) -> H:
        thread = Thread(self.thread, title=self.thread_title, url=f"https://x.com/i/status/{self.thread}")
        return what(channel=account, at=self.at, thread=thread, external_id=self.first, **more)
