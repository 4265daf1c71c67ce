"""What answering costs: by what answered, and the usual calculation for a cloud with ours beside it."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter, URLEncodedBody

from socialai.actions import spending as actions
from socialai.domain.cost import DAYS, Size, cloud, ours
from socialai.domain.spending import Prices
from socialai.errors import InvalidInput
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.playground import WRITERS
from socialai.routes.pages.render import page
from socialai.routes.pages.settings_tabs import tabs
from socialai.store import writings

_Price = Annotated[float | None, QueryParameter(ge=0, le=1_000_000)]


@get("/settings/cost", opt=needs("settings:read"), sync_to_thread=True)
def settings_cost(
    request: Asked,
    tenants: Annotated[int, QueryParameter(ge=1, le=1_000_000)] = 100,
    messages: Annotated[int, QueryParameter(ge=1, le=10_000_000)] = 1000,
    tokens_in: _Price = None,
    tokens_out: _Price = None,
    watts: _Price = None,
    kilowatt_hour: _Price = None,
) -> Response[Any]:
    """Measured with this tenant's own messages of the last 30 days; without other numbers, at its prices."""
    tried = {
        "tokens_in": tokens_in, "tokens_out": tokens_out, "watts": watts, "kilowatt_hour": kilowatt_hour,
    }  # fmt: skip
    own = msgspec.to_builtins(database(request).read(writings.prices))
    given = {name: price for name, price in tried.items() if price is not None}
    return _page(request, Size(tenants, messages), msgspec.convert(own | given, Prices))


@post("/settings/cost", opt=needs("settings:write"), status_code=200, sync_to_thread=True)
def save_prices(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """What is written from now on is kept with these prices."""
    typed = {name: form.text(data, name).strip() for name in Prices.__struct_fields__}
    try:
        prices = msgspec.convert({name: price or 0 for name, price in typed.items()}, Prices, strict=False)
    except msgspec.ValidationError:
        raise InvalidInput("A price is a number, and not below 0.") from None
    actions.set_prices(hub(request), request.user, prices)
    return _page(request, Size(), prices, saved=True)


def _page(request: Asked, size: Size, prices: Prices, *, saved: bool = False) -> Response[Any]:
    since = hub(request).clock() - timedelta(days=DAYS)
    use = database(request).read(lambda db: writings.use(db, since))
    context = {
        "size": size,
        "prices": prices,
        "saved": saved,
        "use": use,
        "days": DAYS,
        "tiers": database(request).read(lambda db: writings.by_tier(db, since)),
        "writers": WRITERS,
        "cloud": cloud(size),
        "ours": ours(size, use, prices),
        **tabs("cost"),
    }
    return page(request, "settings/cost.html", "Cost", context)


HANDLERS = [settings_cost, save_prices]
