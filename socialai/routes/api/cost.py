"""What answering costs."""

from datetime import timedelta
from typing import Annotated

from litestar import Router, get, put
from litestar.params import JSONBody, QueryParameter

from socialai.actions import spending as actions
from socialai.actions.spending import Spending
from socialai.domain.spending import Prices
from socialai.routes.access import Asked, hub, needs

_Days = Annotated[int, QueryParameter(ge=1, le=400, description="How far back.")]


@get("/", opt=needs("settings:read"), sync_to_thread=True)
def read_cost(request: Asked, days: _Days = 30) -> Spending:
    """The messages by what answered them, with time, tokens and money, and the prices it is kept at."""
    since = hub(request).clock() - timedelta(days=days)
    return actions.spending(hub(request), request.user.tenant_id, since)


@put("/prices", opt=needs("settings:write"), sync_to_thread=True)
def put_prices(request: Asked, data: JSONBody[Prices]) -> Prices:
    """For what is written from now on; what is left out costs nothing."""
    return actions.set_prices(hub(request), request.user, data)


router = Router("/cost", route_handlers=[read_cost, put_prices], tags=["settings"])
