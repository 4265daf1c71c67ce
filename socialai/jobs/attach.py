"""Fetch the files that came with a message: once, from public addresses, within a size, by what they really
are."""

import time
from datetime import timedelta

import httpx

from socialai.context import App
from socialai.domain.blob import Blob, kind_of
from socialai.domain.happening import Attachment
from socialai.errors import DeliveryError, FetchError, WrongKey
from socialai.knowledge.web.addresses import resolve
from socialai.knowledge.web.wire import Wire
from socialai.platforms.base import Fetched, Platform, destination_fields
from socialai.store import blobs, conversations, messages

_WAITS = (10, 60, 600, 3600)
_SECONDS = 60.0
_MOST_REDIRECTS = 3
_PIECE = 64 * 1024


def attach(app: App, tenant_id: str, message_id: int) -> None:
    database = app.files.tenant(tenant_id)
    due = database.read(lambda db: blobs.waiting(db, message_id, app.clock()))
    if not due:
        return
    message = database.read(lambda db: messages.get(db, message_id))
    for blob in due:
        if blob.position < len(message.attachments):
            _fetch(app, tenant_id, message.conversation_id, blob, message.attachments[blob.position])
    app.feed.tell(tenant_id, "conversation", message.conversation_id)


def _fetch(app: App, tenant_id: str, conversation_id: int, blob: Blob, attachment: Attachment) -> None:
    database = app.files.tenant(tenant_id)
    conversation = database.read(lambda db: conversations.get(db, conversation_id))
    try:
        adapter = app.channels.adapter(tenant_id, conversation.channel_id)
        place = adapter.locate(attachment)
        if place is None:
            raise FetchError("The platform gives no file out for this.", "refused")
        content = _read(app, place, _where_it_is(adapter))
    except (FetchError, DeliveryError, WrongKey) as error:
        _not_fetched(app, tenant_id, blob, error)
        return
    media_type = kind_of(content)
    database.write(lambda db: blobs.keep(db, blob.id, media_type, content))


def _not_fetched(app: App, tenant_id: str, blob: Blob, error: FetchError | DeliveryError | WrongKey) -> None:
    database = app.files.tenant(tenant_id)
    final = isinstance(error, FetchError) and error.kind != "failed"
    final = final or (isinstance(error, DeliveryError) and error.outcome == "permanent")
    if final or blob.tries >= len(_WAITS):
        database.write(lambda db: blobs.refuse(db, blob.id, str(error)))
        return
    until = app.clock() + timedelta(seconds=_WAITS[blob.tries])
    database.write(lambda db: blobs.postpone(db, blob.id, until))


def _where_it_is(adapter: Platform) -> frozenset[str]:
    """Host and port of the platform itself, which an owner entered, wherever that is."""
    urls = [getattr(adapter.config, name) for name in destination_fields(adapter.Config)]
    return frozenset(f"{httpx.URL(url).host}:{httpx.URL(url).port}" for url in urls if url)


def _read(app: App, place: Fetched, near: frozenset[str]) -> bytes:
    """Raises FetchError. The platform's own headers go to the address it named, and to no other."""
    settings = app.settings
    wire = Wire(resolve, near | frozenset(settings.fetch_private), time.monotonic() + _SECONDS)
    asked = place
    with httpx.Client(transport=wire, trust_env=False, timeout=settings.fetch_seconds) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            found = _once(client, asked, settings.max_attachment_bytes)
            if isinstance(found, bytes):
                return found
            asked = Fetched(found)
    raise FetchError("The file sends its readers round in circles.", "refused")


def _once(client: httpx.Client, place: Fetched, most: int) -> bytes | str:
    """Its bytes, or where it is instead."""
    if not place.url.startswith(("https://", "http://")):
        raise FetchError("The file has no address on the web.", "refused")
    try:
        headers = {"accept-encoding": "identity", **place.headers}
        hidden = {"target": place.target.encode()} if place.target else {}
        with client.stream("GET", place.url, headers=headers, extensions=hidden) as answer:
            if answer.has_redirect_location:
                return str(answer.next_request.url) if answer.next_request else ""
            if not answer.is_success:
                gone = answer.status_code in (404, 410)
                raise FetchError(
                    "The platform does not give the file out (any more).", "gone" if gone else "failed"
                )
            return _pieces(answer, most)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise FetchError("The file could not be fetched.", "failed") from None


def _pieces(answer: httpx.Response, most: int) -> bytes:
    content = bytearray()
    for piece in answer.iter_raw(_PIECE):
        content += piece
        if len(content) > most:
            raise FetchError(f"The file is larger than {most // 1024 // 1024} MB.", "refused")
    return bytes(content)
