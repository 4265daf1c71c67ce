"""What a person may do to a message that is on the platform: hide, show, delete, change it; and its files."""

from typing import Annotated, Any, get_args

from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Meta, Struct

from socialai.actions import moderation
from socialai.domain.moderation import Deed
from socialai.errors import NotFound
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import inbox
from socialai.routes.paging import Id
from socialai.store import blobs, messages

_READ, _WRITE = needs("conversations:read"), needs("conversations:write")


class DeedForm(Struct):
    text: Annotated[str, Meta(max_length=20_000)] = ""


@post(
    "/inbox/{conversation_id:int}/messages/{message_id:int}/{deed:str}",
    opt=_WRITE,
    status_code=200,
    sync_to_thread=True,
)
def moderate(
    request: Asked, conversation_id: Id, message_id: Id, deed: FromPath[str], data: URLEncodedBody[DeedForm]
) -> Response[Any]:
    known = next((each for each in get_args(Deed) if each == deed), None)
    message = database(request).read(lambda db: messages.get(db, message_id))
    if known is None or message.conversation_id != conversation_id:
        raise NotFound(f"There is no '{deed}' for this message.")
    moderation.moderate(hub(request), request.user, message_id, known, data.text.replace("\r\n", "\n"))
    return inbox.opened(request, request.user, conversation_id)


@get("/inbox/{conversation_id:int}/files/{blob_id:int}", opt=_READ, sync_to_thread=True)
def message_file(request: Asked, conversation_id: Id, blob_id: Id) -> Response[bytes]:
    """A stranger's file: shown only as what it was found to be, never run, never sniffed."""
    blob, content = database(request).read(lambda db: blobs.get(db, conversation_id, blob_id))
    shown = blob.is_shown and blob.media_type is not None
    return Response(
        content,
        media_type=blob.media_type if shown else "application/octet-stream",
        headers={
            "content-disposition": "inline" if shown else f'attachment; filename="file-{blob_id}"',
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
            "cache-control": "private, max-age=86400, immutable",
        },
    )


HANDLERS = [moderate, message_file]
