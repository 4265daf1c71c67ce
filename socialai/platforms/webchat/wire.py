"""What visitors do, as it is kept in the journal: our own shape, written by the chat's routes."""

import hmac

import msgspec
from msgspec import Struct

from socialai.domain.happening import Attachment, Happening, Ignored, Noted, Profile, Read, Received
from socialai.errors import ParseError
from socialai.platforms.reading import decode_body, moment, name

SIGNATURE = "x-webchat-signature"


class Upload(Struct, frozen=True):
    """A file that the visitor sent before the message; `ref` names it in the hub."""

    ref: str
    name: str = ""
    kind: str = "file"


class Visit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind`: message, or read: what was answered has been seen. `agreed`: they want to be answered by
    e-mail. `offline`: nobody was there."""

    site: str
    visitor: str
    at: int
    kind: str
    id: str = ""
    text: str = ""
    files: tuple[Upload, ...] = ()
    name: str | None = None
    email: str | None = None
    agreed: bool = False
    offline: bool = False
    locale: str | None = None
    page: str | None = None


def write(visit: Visit) -> bytes:
    return msgspec.json.encode(visit)


def sign(body: bytes, key: str) -> str:
    return hmac.digest(key.encode(), body, "sha256").hex()


def message_id(visitor: str, number: str) -> str:
    """By its beginning a message says whose it is: that is all a visitor is ever shown."""
    return f"{visitor}/{number}"


def parse(body: bytes) -> list[Happening]:
    visit = decode_body(body, Visit, "the web chat")
    if visit.kind == "message":
        return [_received(visit), *_noted(visit)]
    if visit.kind == "read":
        at = moment(visit.at)
        return [Read(channel=name(visit.site), contact=name(visit.visitor), at=at, watermark=at)]
    return [Ignored(reason="The chat tells something this hub does not know.")]


def _received(visit: Visit) -> Received:
    if not (visit.text.strip() or visit.files):
        raise ParseError("The message says nothing.")
    told = {"email": visit.email, "locale": visit.locale, "page": visit.page}
    return Received(
        channel=name(visit.site),
        contact=name(visit.visitor),
        at=moment(visit.at),
        external_id=message_id(visit.visitor, name(visit.id)),
        kind="text" if visit.text.strip() else "attachment",
        text=visit.text,
        attachments=tuple(Attachment(file.kind, None, file.name or None, file.ref) for file in visit.files),
        profile=Profile(visit.name, {key: value for key, value in told.items() if value}),
    )


def _noted(visit: Visit) -> list[Happening]:
    says = []
    if visit.agreed and visit.email:
        says.append(f"The visitor agreed to be answered at {visit.email}")
    if visit.offline:
        says.append("Written outside opening hours: the visitor was told that nobody is there")
    at = moment(visit.at)
    return [Noted(channel=visit.site, contact=visit.visitor, at=at, text=text) for text in says]
