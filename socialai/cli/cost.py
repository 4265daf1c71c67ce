"""socialai cost: what answering costs in a month, beside the usual calculation for a cloud."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import Annotated

import msgspec
import typer

from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.domain.cost import DAYS, Bill, Size, Use, cloud, ours
from socialai.domain.reply import WRITTEN_BY
from socialai.domain.spending import Prices, TierCost
from socialai.store import writings
from socialai.store.db import Database
from socialai.store.tenants import tenants as all_tenants


def cost(
    context: typer.Context,
    tenants: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many businesses.")] = 100,
    messages_per_day: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="Messages of each in a day.")
    ] = 1000,
    price_in: Annotated[
        float | None, typer.Option(min=0, help="Of your endpoint, for a million tokens sent, in $.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(min=0, help="Of your endpoint, for a million tokens received, in $.")
    ] = None,
    watts: Annotated[float | None, typer.Option(min=0, help="What this machine draws, on average.")] = None,
    kilowatt_hour: Annotated[float | None, typer.Option(min=0, help="Its price, in $.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a month costs, as usual in a cloud and here, step by step.

    The share of messages that language models wrote, here or outside, and their tokens are measured: those of
    all tenants here, of the last 30 days. Prices are those that a lone tenant has set, unless given.

    \b
    socialai cost --tenants 100 --messages-per-day 1000
    socialai cost --watts 60 --kilowatt-hour 0.30
    """
    given = {
        "tokens_in": price_in, "tokens_out": price_out, "watts": watts, "kilowatt_hour": kilowatt_hour,
    }  # fmt: skip
    with program(context).opened() as app:
        since = app.clock() - timedelta(days=DAYS)
        files = [app.files.tenant(tenant.id) for tenant in app.files.app.read(all_tenants)]
        use = reduce(add, (_use(file, since) for file in files), Use())
        tiers = _tiers(files, since)
        prices = _prices(files, given)
    size = Size(tenants, messages_per_day)
    here = ours(size, use, prices)
    if as_json:
        print_json({"size": size, "measured": use, "tiers": tiers, "cloud": cloud(size), "ours": here})
        return
    _show(f"{size.messages:,} messages a month with models in a cloud", cloud(size))
    say("")
    _show(f"The same here, as {use.messages:,} messages of the last {DAYS} days were written", here)
    say("")
    columns = ("Measured: written by", "Messages", "Time each", "Tokens in", "Tokens out", "Cost")
    table(columns, [_row(one) for one in tiers], "No message was decided here yet.")
    say(f"Written before and not again: {use.kept:,}. All that language models wrote: ${use.dollars:,.4f}.")


def _use(file: Database, since: datetime) -> Use:
    return file.read(lambda db: writings.use(db, since))


def _tiers(files: list[Database], since: datetime) -> list[TierCost]:
    """Those of all tenants together, most messages first."""
    found: dict[str | None, TierCost] = {}
    for one in _each(files, since):
        known = found.get(one.tier)
        found[one.tier] = one + known if known else one
    return sorted(found.values(), key=lambda one: -one.messages)


def _each(files: list[Database], since: datetime) -> Iterator[TierCost]:
    for file in files:
        yield from file.read(lambda db: writings.by_tier(db, since))


def _prices(files: list[Database], given: dict[str, float | None]) -> Prices:
    own = files[0].read(writings.prices) if len(files) == 1 else Prices()
    said = {name: price for name, price in given.items() if price is not None}
    return msgspec.structs.replace(own, **said)


def _show(title: str, bill: Bill) -> None:
    say(title)
    rows = [(step.what, step.how, f"${step.dollars:,.2f}") for step in bill.steps]
    total = ("Altogether", f"${bill.per_message:.6f} a message", f"${bill.total:,.2f}")
    table(("What", "How", "A month"), [*rows, total], "")


def _row(one: TierCost) -> tuple[object, ...]:
    who = WRITTEN_BY[one.tier] if one.tier else "nobody: silence, or a person alone"
    tokens = f"{one.tokens_in:,}", f"{one.tokens_out:,}"
    return who, f"{one.messages:,}", f"{one.ms_each:,.0f} ms", *tokens, f"${one.dollars:,.4f}"
