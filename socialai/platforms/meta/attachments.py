"""Attachments, whatever their type, as a kind, an address and a title."""

from collections.abc import Iterable

from msgspec import Raw

from socialai.domain.happening import Attachment
from socialai.platforms.meta import wire
from socialai.platforms.reading import optional


def read_all(found: Iterable[wire.Attachment]) -> tuple[Attachment, ...]:
    """What comes under two types at one address, as shared posts of Instagram do, is one."""
    all_of_them = [_read(each) for each in found]
    last = {each.url: each for each in all_of_them}
    return tuple(each for each in all_of_them if each.url is None or last[each.url] is each)


def story(found: wire.Story) -> Attachment:
    return Attachment(kind="story", url=_safe(found.url))


def _read(found: wire.Attachment) -> Attachment:
    payload = _payload(found.payload)
    first = _first_element(payload)
    url = found.url or payload.url or _place(payload.coordinates) or first.image_url
    return Attachment(kind=found.type, url=_safe(url), title=found.title or payload.title or first.title)


def is_sticker(found: wire.Attachment) -> bool:
    return _payload(found.payload).sticker_id is not None


def _payload(raw: Raw) -> wire.Payload:
    """A payload of an unknown shape costs the attachment its details, never the message."""
    return optional(raw, wire.Payload) or wire.Payload()


def _first_element(payload: wire.Payload) -> wire.Element:
    elements = payload.elements or (payload.product.elements if payload.product else [])
    return elements[0] if elements else wire.Element()


def _place(coordinates: wire.Coordinates | None) -> str | None:
    return f"geo:{coordinates.lat},{coordinates.long}" if coordinates else None


def _safe(url: str | None) -> str | None:
    """A page shows it as a link, so nothing that could run there."""
    return url if url and url.lower().startswith(("https://", "http://", "geo:")) else None
