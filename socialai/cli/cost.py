"""socialai cost: what answering costs in a month, beside the usual calculation for a cloud."""

from datetime import timedelta
from functools import reduce
from operator import add
from typing import Annotated

import typer

from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.cost import DAYS, Bill, Prices, Size, Use, cloud, ours
from socialai.store import ledger
from socialai.store.tenants import tenants as all_tenants


def cost(
    context: typer.Context,
    tenants: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many businesses.")] = 100,
    messages_per_day: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="Messages of each in a day.")
    ] = 1000,
    price_in: Annotated[
        float, typer.Option(min=0, help="Of your endpoint, for a million tokens sent, in $.")
    ] = 0.0,
    price_out: Annotated[
        float, typer.Option(min=0, help="Of your endpoint, for a million tokens received, in $.")
    ] = 0.0,
    watts: Annotated[float, typer.Option(min=0, help="What this machine draws, on average.")] = 0.0,
    kilowatt_hour: Annotated[float, typer.Option(min=0, help="Its price, in $.")] = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Show what a month costs, as usual in a cloud and here, step by step.

    The share of messages that went to an endpoint and their tokens are measured: those of all tenants of this
    data directory, of the last 30 days.

    \b
    socialai cost --tenants 100 --messages-per-day 1000
    socialai cost --watts 60 --kilowatt-hour 0.30
    """
    with program(context).opened() as app:
        use = measured(app)
    size = Size(tenants, messages_per_day)
    here = ours(size, use, Prices(price_in, price_out, watts, kilowatt_hour))
    if as_json:
        print_json({"size": size, "measured": use, "cloud": cloud(size), "ours": here})
        return
    _show(f"{size.messages:,} messages a month with models in a cloud", cloud(size))
    say("")
    _show(f"The same here, as measured: {use.calls:,} of {use.messages:,} messages written outside", here)


def measured(app: App) -> Use:
    since = app.clock() - timedelta(days=DAYS)
    each = (
        app.files.tenant(tenant.id).read(lambda db: ledger.use(db, since))
        for tenant in app.files.app.read(all_tenants)
    )
    return reduce(add, each, Use())


def _show(title: str, bill: Bill) -> None:
    say(title)
    rows = [(step.what, step.how, f"${step.dollars:,.2f}") for step in bill.steps]
    total = ("Altogether", f"${bill.per_message:.6f} a message", f"${bill.total:,.2f}")
    table(("What", "How", "A month"), [*rows, total], "")
