"""What was written, out of what X makes of it: it escapes three signs and puts its own short links in."""

from collections.abc import Iterable
from html import unescape

from msgspec import Raw, Struct

from socialai.platforms.reading import Id, optional


class Link(Struct):
    """`url` is how it stands in the text; `media_key` is set when it stands for a picture of the post."""

    url: str | None = None
    expanded_url: str | None = None
    display_url: str | None = None
    media_key: str | None = None

    @property
    def written(self) -> str:
        """X puts http:// before an address that was written without it."""
        whole, shown = self.expanded_url or self.url or "", self.display_url or ""
        bare = whole.removeprefix("http://").rstrip("/")
        return shown if shown and bare != whole and shown.rstrip("/") == bare else whole


class Mention(Struct):
    """Where it begins is `start` in the newer API and the first of `indices` in the older."""

    start: int | None = None
    indices: list[int] | None = None
    id: Id | None = None
    id_str: str | None = None
    username: str | None = None
    screen_name: str | None = None

    @property
    def begins(self) -> int:
        return self.start if self.start is not None else (self.indices or [0])[0]

    def is_of(self, number: str, handle: str) -> bool:
        name = (self.username or self.screen_name or "").casefold()
        return (self.id_str or str(self.id)) == number or bool(handle and name == handle)


class Entities(Struct):
    urls: list[Link] | None = None
    mentions: list[Mention] | None = None
    user_mentions: list[Mention] | None = None

    @property
    def named(self) -> list[Mention]:
        return [*(self.mentions or ()), *(self.user_mentions or ())]


def entities(raw: Raw) -> Entities:
    return optional(raw, Entities) or Entities()


def plain(text: str, links: Iterable[Link], hidden: Iterable[str | None] = ()) -> str:
    """With the links as they were written, and without those of its pictures."""
    for url in filter(None, hidden):
        text = text.replace(url, "")
    for link in links:
        if link.url:
            text = text.replace(link.url, "" if link.media_key else link.written)
    return unescape(text).strip()
