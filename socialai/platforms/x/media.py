"""Pictures, videos and places that come with a post or a private message."""

from collections.abc import Iterable

from msgspec import Raw, Struct

from socialai.domain.happening import Attachment
from socialai.platforms.reading import optional

_KINDS = {"photo": "image", "animated_gif": "video", "animated_image": "image"}


class Variant(Struct):
    """Its bit rate has an underscore in the newer API."""

    url: str | None = None
    bit_rate: int | None = None
    bitrate: int | None = None

    @property
    def quality(self) -> int:
        return self.bit_rate or self.bitrate or 0


class VideoInfo(Struct):
    variants: list[Variant] | None = None


class Media(Struct):
    """`url` is the file's own in the newer API, and of the post in the older."""

    type: str = ""
    media_key: str | None = None
    url: str | None = None
    media_url_https: str | None = None
    preview_image_url: str | None = None
    variants: list[Variant] | None = None
    video_info: VideoInfo | None = None

    @property
    def link(self) -> str | None:
        """How it is called in the text."""
        return self.url if self.media_url_https else None

    def attachment(self) -> Attachment:
        info = self.video_info or VideoInfo()
        best = max(self.variants or info.variants or (), key=lambda one: one.quality, default=None)
        picture = self.media_url_https or self.url or self.preview_image_url
        return Attachment(
            _KINDS.get(self.type, self.type or "file"), url=_safe((best and best.url) or picture)
        )


class Keys(Struct):
    media_keys: list[str] | None = None


class _Position(Struct):
    coordinates: tuple[float, float]


class _Shared(Struct):
    coordinates: _Position


class _Location(Struct):
    shared_coordinate: _Shared


class _DmAttachment(Struct):
    type: str = ""
    media: Raw = Raw(b"null")
    location: Raw = Raw(b"null")


def known(raw: Iterable[Raw] | None) -> dict[str, Media]:
    """Media as `includes` lists them, by their key."""
    found = [media for each in raw or () if (media := optional(each, Media))]
    return {media.media_key: media for media in found if media.media_key}


def of_post(keys: Raw, listed: dict[str, Media]) -> list[Media]:
    named = optional(keys, Keys) or Keys()
    return [listed.get(key, Media(media_key=key)) for key in named.media_keys or ()]


def of_message(raw: Raw) -> tuple[Attachment | None, str | None]:
    """The attachment, and the link that stands for it in the text."""
    found = optional(raw, _DmAttachment)
    if found is None:
        return None, None
    if place := optional(found.location, _Location):
        east, north = place.shared_coordinate.coordinates.coordinates
        return Attachment("location", url=f"geo:{north},{east}"), None
    media = optional(found.media, Media)
    return (media.attachment(), media.link) if media else (Attachment(found.type or "file"), None)


def _safe(url: str | None) -> str | None:
    """A page shows it as a link, so nothing that could run there."""
    return url if url and url.lower().startswith(("https://", "http://")) else None
