"""socialai knowledge gaps: what customers asked in vain."""

from typing import Annotated

import typer

from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, table
from socialai.cli.program import program
from socialai.domain.gap import GapSummary
from socialai.store import gaps as store


def gaps(
    context: typer.Context,
    tenant: TenantOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show what customers asked and nothing in the knowledge answers, asked most often first."""
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        app.tasks.run("gather", tenant_id, 0)
        found = app.files.tenant(tenant_id).read(lambda db: store.gaps(db, limit=limit))
    if as_json:
        print_json(found)
    else:
        columns = ("Id", "Asked", "Last", "By a person", "Question")
        table(columns, [_row(each) for each in found], "Nothing was asked in vain.")


def _row(each: GapSummary) -> tuple[object, ...]:
    return each.gap.id, each.asked, each.newest_at, each.by_a_person, each.gap.question[:200]
