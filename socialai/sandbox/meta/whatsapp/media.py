"""Files on WhatsApp: known by an id, read from an address that opens with the number's token."""

import hashlib
import secrets
from base64 import b64decode
from typing import Any

from socialai.sandbox.meta import graph_errors
from socialai.sandbox.meta.records import Account
from socialai.sandbox.meta.state import State

_PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_TYPES = {
    "image": ("image/png", _PIXEL),
    "sticker": ("image/webp", b"RIFF\x04\x00\x00\x00WEBP"),
    "audio": ("audio/ogg; codecs=opus", b"OggS\x00"),
    "video": ("video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
    "document": ("application/pdf", b"%PDF-1.4\n%%EOF\n"),
}


def keep(state: State, account: Account, kind: str) -> dict[str, Any]:
    """A new file of this kind, as a message shows it."""
    mime, content = _TYPES[kind]
    named = put(state, account, mime, content)
    name = {"filename": "order.pdf"} if kind == "document" else {}
    voice = {"voice": True} if kind == "audio" else {}
    return {"id": named, "mime_type": mime, "sha256": hashlib.sha256(content).hexdigest(), **name, **voice}


def put(state: State, account: Account, mime: str, content: bytes) -> str:
    """Its id."""
    named = str(secrets.randbelow(9 * 10**15) + 10**15)
    with state.writing() as db:
        db.execute(
            "insert into file (id, account_id, mime, content) values (?, ?, ?, ?)",
            (named, account.id, mime, content),
        )
    return named


def show(state: State, account: Account, named: str, root: str) -> dict[str, Any]:
    """GET /{media-id}; GraphError."""
    mime, content = read(state, account, named)
    return {
        "messaging_product": "whatsapp",
        "url": f"{root}/media/{named}",
        "mime_type": mime,
        "sha256": hashlib.sha256(content).hexdigest(),
        "file_size": str(len(content)),
        "id": named,
    }


def read(state: State, account: Account, named: str) -> tuple[str, bytes]:
    row = state.row("select mime, content from file where id = ? and account_id = ?", named, account.id)
    if row is None:
        raise graph_errors.no_such_object(named)
    return row["mime"], bytes(row["content"])


def is_there(state: State, named: str) -> bool:
    return state.row("select 1 from file where id = ?", named) is not None
