"""A file that came with a message."""

from typing import Literal

from msgspec import Struct

BlobState = Literal["waiting", "kept", "refused"]

SHOWN = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "audio/mpeg",
        "audio/ogg",
        "audio/mp4",
        "video/mp4",
    }
)
"""What a browser may show beside the text; anything else is only saved."""


class Blob(Struct, frozen=True):
    """`position` is which of the message's attachments it is; `reason` why it was refused."""

    id: int
    message_id: int
    position: int
    state: BlobState
    tries: int
    reason: str | None = None
    media_type: str | None = None
    size: int | None = None

    @property
    def is_shown(self) -> bool:
        return self.state == "kept" and self.media_type in SHOWN


def kind_of(content: bytes) -> str:
    """By what is in it; whoever sent it may have called it anything."""
    import puremagic

    try:
        return str(puremagic.from_string(content[:4096], mime=True)) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"
