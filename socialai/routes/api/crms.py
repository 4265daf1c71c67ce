"""CRMs: connect one, examine it, pause it, take it away. Secrets go in, never out."""

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Router, delete, get, patch, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from socialai.actions import crms as actions
from socialai.domain.crm import Crm
from socialai.platforms.base import Finding
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import Id, Page
from socialai.store import crms

_READ, _WRITE = needs("channels:read"), needs("channels:write")


class NewCrm(Struct, forbid_unknown_fields=True):
    """`values` are what the CRM asks for, for example access_token."""

    kind: Annotated[str, Meta(min_length=1, max_length=40)]
    values: Annotated[dict[str, Any], Meta(max_length=50)]


class Connected(Struct):
    """`findings`: which fields of ours were made there."""

    crm: Crm
    findings: Sequence[Finding]


class Pause(Struct, forbid_unknown_fields=True):
    paused: bool


@get("/", opt=_READ, sync_to_thread=True)
def read_crms(request: Asked) -> Page[Crm]:
    """The connected CRMs."""
    return Page(database(request).read(crms.crms))


@post("/", opt=_WRITE, sync_to_thread=True)
def connect_crm(request: Asked, data: JSONBody[NewCrm]) -> Connected:
    """Connect one whose credentials work, or the same account again."""
    return Connected(*actions.connect(hub(request), request.user, data.kind, data.values))


@patch("/{crm_id:int}", opt=_WRITE, sync_to_thread=True)
def pause_crm(request: Asked, crm_id: Id, data: JSONBody[Pause]) -> Crm:
    """While it is paused what is owed to it waits."""
    return actions.pause(hub(request), request.user, crm_id, paused=data.paused)


@post("/{crm_id:int}/doctor", opt=_WRITE, status_code=200, sync_to_thread=True)
def examine_crm(request: Asked, crm_id: Id) -> Page[Finding]:
    """Whether its credentials work and our fields are there."""
    return Page(actions.examine(hub(request), request.user, crm_id))


@delete("/{crm_id:int}", opt=_WRITE, sync_to_thread=True)
def remove_crm(request: Asked, crm_id: Id) -> None:
    """Its records stay as they are there."""
    actions.disconnect(hub(request), request.user, crm_id)


router = Router(
    "/crms", route_handlers=[read_crms, connect_crm, pause_crm, examine_crm, remove_crm], tags=["crms"]
)
