"""What is in a message: its words, its files, or why it is not kept.

Source: Bot API 10.1, type Message. A message has one kind of content, and may name another for older programs
(an animation is a document too), so the kinds are tried in order.
"""

from collections.abc import Callable, Mapping

from msgspec import Raw, Struct

from socialai.domain.happening import Attachment, MessageKind
from socialai.platforms.reading import Id, decode, optional
from socialai.platforms.telegram.wire import Message


class Content(Struct, frozen=True):
    kind: MessageKind
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    payload: str | None = None
    phone: str | None = None
    """The sender's own, when they shared it."""


class File(Struct):
    file_id: str = ""
    file_name: str | None = None
    title: str | None = None
    emoji: str | None = None


class Place(Struct):
    latitude: float
    longitude: float


class Venue(Struct):
    location: Place
    title: str | None = None
    address: str | None = None


class SharedContact(Struct):
    phone_number: str = ""
    first_name: str | None = None
    last_name: str | None = None
    user_id: Id | None = None


class Titled(Struct):
    """Something with a name of its own, whatever it is called there."""

    title: str | None = None
    question: str | None = None
    emoji: str | None = None


class Live(Struct):
    photo: list[File] = []


class Pressed(Struct):
    data: str = ""
    button_text: str | None = None


def read(message: Message, fields: Mapping[str, Raw]) -> Content:
    """What a person said; `unsupported` when it is nothing that we know."""
    text = message.text or message.caption or ""
    for kind, reader in _READERS.items():
        if kind in fields and bytes(fields[kind]) != b"null":
            return reader(fields[kind], text, message)
    if text.split(" ")[0] == "/start" and message.chat.type == "private":
        command, _, reference = text.partition(" ")
        return Content("postback", text=command, payload=reference or None)
    return Content("text", text) if text else Content("unsupported")


def _files(raw: Raw, text: str, kind: str) -> Content:
    """Of the sizes that a picture has, the last is the largest."""
    sizes = optional(raw, list[File])
    file = sizes[-1] if sizes else optional(raw, File)
    if file is None or not file.file_id:
        return Content("text" if text else "unsupported", text)
    title = file.file_name or file.title or file.emoji
    return Content("text" if text else "attachment", text, (Attachment(kind, ref=file.file_id, title=title),))


def _file(kind: str) -> Callable[[Raw, str, Message], Content]:
    return lambda raw, text, _: _files(raw, text, kind)


def _sticker(raw: Raw, text: str, _message: Message) -> Content:
    return Content("sticker", attachments=_files(raw, text, "image").attachments)


def _live_photo(raw: Raw, text: str, _message: Message) -> Content:
    """The still one is enough to see what it shows."""
    live = optional(raw, Live) or Live()
    ref = live.photo[-1].file_id if live.photo else ""
    files = (Attachment("image", ref=ref),) if ref else ()
    return Content("text" if text else "attachment" if files else "unsupported", text, files)


def _location(raw: Raw, text: str, _message: Message) -> Content:
    return _located(text, optional(raw, Place), None)


def _venue(raw: Raw, text: str, _message: Message) -> Content:
    venue = optional(raw, Venue)
    title = ", ".join(filter(None, (venue.title, venue.address))) if venue else None
    return _located(text, venue.location if venue else None, title or None)


def _located(text: str, place: Place | None, title: str | None) -> Content:
    url = f"geo:{place.latitude},{place.longitude}" if place else None
    return Content("attachment", text, (Attachment("location", url=url, title=title),))


def _contact(raw: Raw, text: str, message: Message) -> Content:
    """Who shares their own number wants to be called there."""
    shared = optional(raw, SharedContact) or SharedContact()
    called = (shared.first_name, shared.last_name, shared.phone_number)
    title = " ".join(filter(None, called)) or None
    own = message.sender and shared.user_id is not None and str(shared.user_id) == str(message.sender.id)
    card = Attachment("contact", title=title)
    return Content("attachment", text, (card,), phone=shared.phone_number if own else None)


def _titled(kind: str) -> Callable[[Raw, str, Message], Content]:
    def read(raw: Raw, text: str, _message: Message) -> Content:
        found = optional(raw, Titled) or Titled()
        title = found.title or found.question or found.emoji
        return Content("text" if text else "attachment", text, (Attachment(kind, title=title),))

    return read


def _pressed(raw: Raw, _text: str, _message: Message) -> Content:
    pressed = decode(raw, Pressed)
    return Content("postback", text=pressed.button_text or "", payload=pressed.data)


_READERS: Mapping[str, Callable[[Raw, str, Message], Content]] = {
    "live_photo": _live_photo,
    "animation": _file("video"),
    "photo": _file("image"),
    "video": _file("video"),
    "video_note": _file("video"),
    "voice": _file("audio"),
    "audio": _file("audio"),
    "document": _file("file"),
    "sticker": _sticker,
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _titled("poll"),
    "checklist": _titled("checklist"),
    "game": _titled("game"),
    "dice": _titled("dice"),
    "story": _titled("story"),
    "paid_media": _titled("paid media"),
    "web_app_data": _pressed,
}
