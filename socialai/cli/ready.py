"""socialai ready: what a new version is asked before it takes the place of the one before."""

import asyncio
from typing import Any

import httpx
import typer

from socialai.actions.health import faults
from socialai.cli.output import say, warn
from socialai.cli.program import program
from socialai.store import tenants


def ready(context: typer.Context) -> None:
    """Bring every database up to date and ask each part whether it works. Exit code 1 when one does not."""
    with program(context).opened() as app:
        for tenant in app.files.app.read(tenants.tenants):
            app.files.tenant(tenant.id).read(lambda db: db.execute("select 1").fetchone())
        wrong = [fault.message for fault in faults(app)]
        page = asyncio.run(_first_page(program(context).server(app).config.app))
    if page >= 400:
        wrong.append(f"The first page cannot be shown ({page}).")
    for sentence in wrong:
        warn(sentence)
    if wrong:
        raise typer.Exit(1)
    say("Everything is ready.")


async def _first_page(site: Any) -> int:
    wire = httpx.ASGITransport(site, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as client:
        return (await client.get("/login")).status_code
