"""What a visitor of the chat sends: checked, since all of it is a stranger's, and written as an event."""

import re
import secrets
import sqlite3
from datetime import datetime

from msgspec import Struct

from socialai.actions.visiting import Chat, is_staffed
from socialai.context import App
from socialai.domain import visitor as rules
from socialai.domain.blob import kind_of
from socialai.domain.visitor import Visitor
from socialai.errors import InvalidInput, TooLarge
from socialai.platforms.webchat import wire
from socialai.store import uploads, visitors

_EMAIL = re.compile(r"[^@\s<>\"',;:()\\]{1,64}@[^@\s<>\"',;:()\\]+\.[^@\s<>\"',;:()\\.]{2,63}")
_LONGEST_EMAIL = 254
_LONGEST_NAME = 80
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
_TEXT = "text/plain"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A message as the chat sends it; `id` is its own, so that a second try is not a second message."""

    id: str
    text: str = ""
    files: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    agreed: bool = False
    locale: str = ""
    page: str = ""


def message(app: App, chat: Chat, visitor: Visitor, said: Said) -> bytes:
    """The event that their message is, checked. InvalidInput."""
    now, offline = app.clock(), not is_staffed(app, chat)
    email, name = said.email.strip(), " ".join(said.name.split())
    _check(said, email, name)
    needs_email = offline or chat.adapter.config.insists
    if needs_email and not (email or visitor.introduced_at):
        raise InvalidInput("Leave your e-mail address, so that you can be answered.")
    database = app.files.tenant(chat.tenant_id)
    files = database.read(lambda db: uploads.named(db, visitor.id, said.files))
    if len(files) != len(said.files):
        raise InvalidInput("A file is not there any more. Choose it again.")
    if email:
        database.write(lambda db: visitors.introduce(db, visitor.id, now))
    visit = wire.Visit(
        site=chat.adapter.external_id,
        visitor=visitor.external_id,
        at=_milliseconds(now),
        kind="message",
        id=said.id,
        text=said.text.replace("\x00", ""),
        files=tuple(_upload(ref, *files[ref]) for ref in said.files),
        name=name or None,
        email=email or None,
        agreed=said.agreed,
        offline=offline,
        locale=said.locale[:35] or None,
        page=said.page[:500] if said.page.startswith(chat.adapter.config.allowed) else None,
    )
    return wire.write(visit)


def seen(app: App, chat: Chat, visitor: Visitor) -> bytes:
    """The event that they saw what was answered."""
    at = _milliseconds(app.clock())
    site = chat.adapter.external_id
    return wire.write(wire.Visit(site=site, visitor=visitor.external_id, at=at, kind="read"))


def upload(app: App, chat: Chat, visitor: Visitor, name: str, content: bytes) -> str:
    """Keep a file until its message comes; by what it is named there."""
    kind = _kind(content)
    if not chat.adapter.config.files or kind not in (*rules.TAKEN, _TEXT):
        raise InvalidInput("Pictures, PDF documents and plain text can be sent here.")
    if len(content) > rules.FILE_BYTES:
        raise TooLarge("A file may have at most 5 MB.")
    ref, now = secrets.token_hex(16), app.clock()

    def run(db: sqlite3.Connection) -> None:
        if uploads.size(db, visitor.id) + len(content) > rules.UPLOAD_BYTES:
            raise TooLarge("These files are too much at once. Send the first ones, then go on.")
        uploads.add(db, visitor.id, ref, _file_name(name), kind, content, now)

    app.files.tenant(chat.tenant_id).write(run)
    return ref


def _check(said: Said, email: str, name: str) -> None:
    if not (said.text.strip() or said.files):
        raise InvalidInput("Write something first.")
    if len(said.text) > rules.LONGEST:
        raise InvalidInput(f"A message has at most {rules.LONGEST} characters. Send it in parts.")
    if not _NUMBER.fullmatch(said.id):
        raise InvalidInput("The message has no number of its own.")
    if len(said.files) > rules.MOST_FILES or len(set(said.files)) < len(said.files):
        raise InvalidInput(f"A message takes at most {rules.MOST_FILES} files.")
    if email and not (_EMAIL.fullmatch(email) and len(email) <= _LONGEST_EMAIL):
        raise InvalidInput("This is no e-mail address.")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"A name has at most {_LONGEST_NAME} letters.")
    if (email or name) and not said.agreed:
        raise InvalidInput("Agree that your details are kept to answer you, or leave them out.")


def _upload(ref: str, name: str, media_type: str) -> wire.Upload:
    return wire.Upload(ref, name, "image" if media_type.startswith("image/") else "file")


def _kind(content: bytes) -> str:
    kind = kind_of(content)
    return _TEXT if kind not in rules.TAKEN and _is_text(content) else kind


def _is_text(content: bytes) -> bool:
    try:
        return not _CONTROL.search(content.decode())
    except UnicodeDecodeError:
        return False


def _file_name(name: str) -> str:
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in '/\\<>:"|?*')
    return kept.strip(" .")[-100:] or "file"


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
