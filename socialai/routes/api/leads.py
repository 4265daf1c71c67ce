"""Leads: who may become a customer, with the reasons."""

from litestar import Router, get, post
from litestar.params import FromQuery

from socialai.actions import crm_news
from socialai.actions import leads as actions
from socialai.domain.lead import Lead, Temperature
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_RANK, Cursor, Id, Limit, Page, after, page
from socialai.store import leads


@get("/", opt=needs("leads:read"), sync_to_thread=True)
def read_leads(
    request: Asked,
    temperature: FromQuery[Temperature | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Lead]:
    """Best first."""
    seen = after(cursor, BY_RANK)
    found = database(request).read(lambda db: leads.leads(db, temperature, after=seen, limit=limit + 1))
    return page(found, limit, lambda last: (last.score, last.contact_id))


@get("/{contact_id:int}", opt=needs("leads:read"), sync_to_thread=True)
def read_lead(request: Asked, contact_id: Id) -> Lead:
    """The lead of one contact."""
    return database(request).read(lambda db: leads.get(db, contact_id))


@post("/{contact_id:int}/convert", opt=needs("leads:write"), status_code=200, sync_to_thread=True)
def convert_lead(request: Asked, contact_id: Id) -> Lead:
    """Mark as won; counted once."""
    return actions.convert(hub(request), request.user, contact_id)


@post("/{contact_id:int}/crm", opt=needs("leads:write"), status_code=202, sync_to_thread=True)
def send_lead_to_crms(request: Asked, contact_id: Id) -> None:
    """Have every connected CRM told of it now. 409: there is none."""
    crm_news.send(hub(request), request.user, contact_id)


router = Router(
    "/leads", route_handlers=[read_leads, read_lead, convert_lead, send_lead_to_crms], tags=["leads"]
)
