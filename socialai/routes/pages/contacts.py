"""People who write: who may be one person, everything of one person, joining and parting."""

import sqlite3
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from socialai.actions import contacts as actions
from socialai.errors import HubError, InvalidInput
from socialai.platforms.registry import PLATFORMS
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.person import person
from socialai.routes.pages.render import go, page
from socialai.routes.paging import Id
from socialai.store import contacts as store
from socialai.store import crms, leads

_READ, _WRITE = needs("conversations:read"), needs("conversations:write")
_ERASE = needs("channels:write")
"""It cannot be undone, so it is for those who may also take a whole channel away."""
_SHOWN = 100


@get("/contacts", opt=_READ, sync_to_thread=True)
def read_contacts(request: Asked, q: FromQuery[str] = "") -> Response[Any]:
    words = q.strip()[:100]
    context = {
        "pairs": [] if words else actions.alike(hub(request), request.user),
        "contacts": database(request).read(lambda db: store.search(db, words, _SHOWN)),
        "words": words,
        "as_person": person,
    }
    return page(request, "contacts", "Contacts", context)


@get("/contacts/{contact_id:int}", opt=_READ, sync_to_thread=True)
def read_contact(request: Asked, contact_id: Id) -> Response[Any]:
    contact, identities, talks, joined = actions.person(hub(request), request.user, contact_id)
    context = {
        **database(request).read(lambda db: _as_lead(db, contact_id)),
        "contact": contact,
        "identities": identities,
        "talks": talks,
        "merges": joined,
        "platforms": PLATFORMS,
        "as_person": person,
    }
    return page(request, "contacts/contact.html", contact.name or "Unknown", context)


@get("/contacts/{contact_id:int}/merge", opt=_WRITE, sync_to_thread=True)
def preview_merge(request: Asked, contact_id: Id, other: FromQuery[int] = 0) -> Response[Any]:
    """`contact_id` would stay; the other way round is one click away."""
    return _preview(request, contact_id, other)


@post("/contacts/{contact_id:int}/merge", opt=_WRITE, status_code=200, sync_to_thread=True)
def merge_contacts(request: Asked, contact_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    other = _number(data, "other")
    try:
        actions.join(hub(request), request.user, contact_id, other)
    except HubError as error:
        return _preview(request, contact_id, other, str(error))
    return go(request, f"/contacts/{contact_id}")


@post("/contacts/{contact_id:int}/apart", opt=_WRITE, status_code=200, sync_to_thread=True)
def keep_contacts_apart(
    request: Asked, contact_id: Id, data: URLEncodedBody[dict[str, Any]]
) -> Response[Any]:
    actions.keep_apart(hub(request), request.user, contact_id, _number(data, "other"))
    return go(request, "/contacts")


@post("/contacts/{contact_id:int}/erase", opt=_ERASE, status_code=200, sync_to_thread=True)
def erase_contact(request: Asked, contact_id: Id) -> Response[Any]:
    actions.erase(hub(request), request.user, contact_id)
    return go(request, "/contacts")


@post("/contacts/merges/{merge_id:int}/undo", opt=_WRITE, status_code=200, sync_to_thread=True)
def part_contacts(request: Asked, merge_id: Id) -> Response[Any]:
    back = actions.part(hub(request), request.user, merge_id)
    return go(request, f"/contacts/{back}")


def _as_lead(db: sqlite3.Connection, contact_id: int) -> dict[str, Any]:
    return {
        "lead": leads.find(db, contact_id),
        "links": crms.links(db, contact_id),
        "changes": crms.changes(db, contact_id),
        "crm_names": {crm.id: crm.name for crm in crms.crms(db)},
    }


def _preview(request: Asked, survivor_id: int, gone_id: int, error: str = "") -> Response[Any]:
    found = actions.preview(hub(request), request.user, survivor_id, gone_id)
    context = {"preview": found, "platforms": PLATFORMS, "as_person": person, "error": error}
    return page(request, "contacts/merge.html", "One person?", context, 400 if error else 200)


def _number(data: dict[str, Any], name: str) -> int:
    text = form.text(data, name)
    if not text.isdecimal() or len(text) > 18:
        raise InvalidInput("Choose from the list. Load the page again, then choose.")
    return int(text)


HANDLERS = [
    read_contacts,
    read_contact,
    preview_merge,
    merge_contacts,
    keep_contacts_apart,
    erase_contact,
    part_contacts,
]
