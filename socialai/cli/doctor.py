"""socialai doctor: is everything as it should be, and if not, what to do."""

from collections.abc import Iterator
from typing import Annotated

import typer

from socialai import settings
from socialai.actions import channels as actions
from socialai.cli.findings import Finding, look
from socialai.cli.options import JsonOption
from socialai.cli.output import plain, print_json
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.errors import HubError
from socialai.security.permissions import operator
from socialai.store import channels, tenants


def doctor(
    context: typer.Context,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask the platforms whether they accept our credentials.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the data, the models and the surroundings. Exit code 1 when something is wrong.

    \b
    socialai doctor --online
    """
    found = []
    for finding in _examine(context, online=online):
        found.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        print_json(found)
    if not all(finding.ok for finding in found):
        raise typer.Exit(1)


def _examine(context: typer.Context, *, online: bool) -> Iterator[Finding]:
    """Channels are asked only in a hub that is whole: opening one that is not could change it."""
    whole = True
    for finding in look(settings.load()):
        whole = whole and finding.ok
        yield finding
    if online and whole:
        with program(context).opened() as app:
            for tenant in app.files.app.read(tenants.tenants):
                for channel in app.files.tenant(tenant.id).read(channels.channels):
                    yield _ask(app, tenant.id, channel)
    elif online:
        yield Finding("channels", False, "Not asked: first put right what is wrong above.")


def _ask(app: App, tenant_id: str, channel: Channel) -> Finding:
    part = f"channel {channel.id} of {tenant_id}"
    try:
        name = actions.check(app, operator(tenant_id), channel.id)
    except HubError as error:
        return Finding(part, False, f"{channel.name}: {error}")
    return Finding(part, True, f"{channel.name} is {name} there.")


def _show(finding: Finding) -> None:
    mark, colour = ("✓", "green") if finding.ok else ("✗", "red")
    typer.echo(f"{typer.style(mark, fg=colour)} {finding.part:<20} {plain(finding.message)}")
