"""What answering costs: the usual calculation for a cloud, and ours beside it."""

from datetime import timedelta
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import QueryParameter

from socialai.domain.cost import DAYS, Prices, Size, cloud, ours
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.playground import WRITERS
from socialai.routes.pages.render import page
from socialai.routes.pages.settings_tabs import tabs
from socialai.store import ledger

_Price = Annotated[float, QueryParameter(ge=0, le=1_000_000)]


@get("/settings/cost", opt=needs("settings:read"), sync_to_thread=True)
def settings_cost(
    request: Asked,
    tenants: Annotated[int, QueryParameter(ge=1, le=1_000_000)] = 100,
    messages: Annotated[int, QueryParameter(ge=1, le=10_000_000)] = 1000,
    price_in: _Price = 0.0,
    price_out: _Price = 0.0,
    watts: _Price = 0.0,
    kilowatt_hour: _Price = 0.0,
) -> Response[Any]:
    """Measured with this tenant's own messages of the last 30 days."""
    since = hub(request).clock() - timedelta(days=DAYS)
    use = database(request).read(lambda db: ledger.use(db, since))
    size, prices = Size(tenants, messages), Prices(price_in, price_out, watts, kilowatt_hour)
    context = {
        "size": size,
        "prices": prices,
        "use": use,
        "days": DAYS,
        "tiers": database(request).read(lambda db: ledger.tiers(db, since)),
        "writers": WRITERS,
        "cloud": cloud(size),
        "ours": ours(size, use, prices),
    }
    return page(request, "settings/cost.html", "Cost", {**context, **tabs("cost")})


HANDLERS = [settings_cost]
