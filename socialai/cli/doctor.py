"""socialai doctor: is everything as it should be, and if not, what to do."""

from collections.abc import Iterator
from typing import Annotated

import httpx
import typer

from socialai import settings
from socialai.actions import channels as actions
from socialai.actions.doctor import look
from socialai.cli.one_hub import address_of_running
from socialai.cli.options import JsonOption
from socialai.cli.output import plain, print_json
from socialai.cli.program import program
from socialai.cli.serve import listen
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.finding import Finding, fix, ok
from socialai.errors import HubError
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import channels, tenants

_SECONDS = 3.0


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
    if any(finding.state == "fix" for finding in found):
        raise typer.Exit(1)


def _examine(context: typer.Context, *, online: bool) -> Iterator[Finding]:
    """Channels are asked only in a hub that is whole: opening one that is not could change it."""
    chosen, whole = settings.load(), True
    for finding in (*look(chosen), _hub(chosen)):
        whole = whole and finding.state != "fix"
        yield finding
    if online and whole:
        with program(context).opened() as app:
            for tenant in app.files.app.read(tenants.tenants):
                for channel in app.files.tenant(tenant.id).read(channels.channels):
                    yield _ask(app, tenant.id, channel)
    elif online:
        yield fix("channels", "Not asked: first put right what is wrong above.")


def _ask(app: App, tenant_id: str, channel: Channel) -> Finding:
    part = f"channel {channel.id} of {tenant_id}"
    try:
        name = actions.check(app, operator(tenant_id), channel.id)
    except HubError as error:
        return fix(part, f"{channel.name}: {error}")
    return ok(part, f"{channel.name} is {name} there.")


def _hub(settings: Settings) -> Finding:
    """Does it run and answer, or could it?"""
    address = f"{settings.host}:{settings.port}"
    if running := address_of_running(settings):
        answers = _answers(f"{running}/ready")
        said = answers or "it does not answer there; it may just be starting"
        return (
            fix("hub", f"At {running}: {said}")
            if answers not in (None, "ready")
            else ok("hub", f"At {running}: {said}")
        )
    try:
        listen(settings.host, settings.port).close()
    except HubError as error:
        return fix("hub", str(error))
    return ok("hub", f"Not running; {address} is free for it.")


def _answers(url: str) -> str | None:
    """What the hub says of itself; None when nobody answers."""
    try:
        answer = httpx.get(url, timeout=_SECONDS, trust_env=False)
        if answer.is_success:
            return "ready"
        return "; ".join(fault["message"] for fault in answer.json()["faults"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fix": ("✗", "red")}


def _show(finding: Finding) -> None:
    mark, colour = _MARKS[finding.state]
    command = f" Run: {finding.command}" if finding.command else ""
    typer.echo(f"{typer.style(mark, fg=colour)} {finding.part:<20} {plain(finding.message + command)}")
