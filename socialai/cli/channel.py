"""socialai channel: the connected accounts of a tenant."""

from collections.abc import Callable
from typing import Annotated

import msgspec
import typer

from socialai.actions import app_review, channel_doctor
from socialai.actions import channels as actions
from socialai.channels import adapter_kind
from socialai.cli import channel_values
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.channel import Channel, Mode
from socialai.domain.triage import INTENTS, Intent
from socialai.errors import DeliveryError, InvalidInput
from socialai.security.permissions import operator
from socialai.store import channels

group = typer.Typer(name="channel", help="The connected accounts of a tenant.", no_args_is_help=True)

_ChannelId = Annotated[int, typer.Argument(metavar="ID", help="The number `channel list` shows.")]


@group.command("add")
def add(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(help="The kind of network, for example facebook.")],
    name: Annotated[str, typer.Option(help="How it is called here. Default: as on the platform.")] = "",
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A field that is no secret.")
    ] = None,
    from_env: Annotated[
        bool, typer.Option("--from-env", help="Take fields from variables such as FACEBOOK_PAGE_TOKEN.")
    ] = False,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Take fields from a JSON object on standard input.")
    ] = False,
    check: Annotated[bool, typer.Option(help="Ask the platform first whether it accepts them.")] = True,
    tenant: TenantOption = None,
) -> None:
    """Connect an account, or the same one again. Secrets are asked for, never given as arguments.

    \b
    socialai channel add facebook --set page_id=1234567890
    FACEBOOK_PAGE_TOKEN=… FACEBOOK_APP_SECRET=… FACEBOOK_VERIFY_TOKEN=… \\
        socialai channel add facebook --set page_id=1234567890 --from-env
    """
    kind = adapter_kind(platform)
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        values = channel_values.gather(kind, given or [], from_env=from_env, stdin=stdin)
        adapter = app.channels.draft(platform, values)
        called = _checked(adapter.check) if check else ""
        name = name or called or f"{kind.title} {adapter.external_id}"
        channel = actions.connect(app, operator(tenant_id), platform, name, values)
    say(f"Connected {channel.name} as channel {channel.id}, in {channel.mode} mode.")
    say(f"Its webhook address: {_webhook(app, tenant_id, platform)}")
    if not app.channels.outside.url:
        say(
            "That is reached from this machine only. Set public_url to where platforms reach it, or make a "
            "tunnel to it; `socialai tunnel ssh` is one."
        )


@group.command("list")
def list_(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Show the connected accounts."""
    with program(context).opened() as app:
        found = app.files.tenant(choose(app, tenant)).read(channels.channels)
    if as_json:
        print_json(found)
    else:
        columns = ("Id", "Platform", "Name", "Mode", "State", "Last event")
        table(columns, [_row(channel) for channel in found], "No account is connected.")


@group.command("mode")
def mode(
    context: typer.Context,
    channel_id: _ChannelId,
    mode: Annotated[
        Mode, typer.Argument(help="draft: a person approves. auto: sent when every check passes.")
    ],
    intents: Annotated[
        str, typer.Option(help="What is answered by itself in auto mode, for example sales,inquiry.")
    ] = "",
    tenant: TenantOption = None,
) -> None:
    """Choose whether a person approves what a channel says.

    \b
    socialai channel mode 1 auto --intents support,inquiry
    """
    with program(context).opened() as app:
        who = operator(choose(app, tenant))
        before = app.files.tenant(who.tenant_id).read(lambda db: channels.get(db, channel_id))
        chosen = _intents(intents) if intents else before.auto_intents
        channel = actions.set_mode(app, who, channel_id, mode, chosen)
    by_itself = f", answering {', '.join(channel.auto_intents)} by itself" if mode == "auto" else ""
    say(f"{channel.name} is in {channel.mode} mode now{by_itself}.")


@group.command("doctor")
def doctor(
    context: typer.Context, channel_id: _ChannelId, tenant: TenantOption = None, as_json: JsonOption = False
) -> None:
    """Examine its connection: address, signature, token, permissions, deliveries. Exit code 1 when
    something must be fixed."""
    with program(context).opened() as app:
        findings = channel_doctor.examine(app, operator(choose(app, tenant)), channel_id)
    if as_json:
        print_json([msgspec.to_builtins(finding) for finding in findings])
    else:
        for finding in findings:
            say(f"{finding.state:<5}{finding.about}: {finding.says}")
    if any(finding.state == "fix" for finding in findings):
        raise typer.Exit(1)


@group.command("review")
def review(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(help="The kind of network, for example facebook.")],
    tenant: TenantOption = None,
) -> None:
    """Print the texts that a platform's app review asks for, ready to be copied."""
    with program(context).opened() as app:
        texts = app_review.texts(app, operator(choose(app, tenant)), platform)
    for text in texts:
        say(f"## {text.title}\n\n{text.text}\n")
    if not texts:
        say(f"{adapter_kind(platform).title} reviews no apps: there is nothing to fill in.")


@group.command("check")
def check(context: typer.Context, channel_id: _ChannelId, tenant: TenantOption = None) -> None:
    """Ask the platform whether it still accepts a channel's credentials."""
    with program(context).opened() as app:
        name = actions.check(app, operator(choose(app, tenant)), channel_id)
    say(f"The platform answers: this is {name}.")


@group.command("remove")
def remove(
    context: typer.Context,
    channel_id: _ChannelId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    tenant: TenantOption = None,
) -> None:
    """Remove a channel with all its conversations and credentials."""
    with program(context).opened() as app:
        who = operator(choose(app, tenant))
        channel = app.files.tenant(who.tenant_id).read(lambda db: channels.get(db, channel_id))
        if not yes:
            typer.confirm(f"Remove {channel.name} with all its conversations?", abort=True)
        actions.disconnect(app, who, channel_id)
    say(f"Removed {channel.name}. A running hub knows within a minute.")


def _checked(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except DeliveryError as error:
        raise InvalidInput(f"{error} Nothing was kept. With --no-check it is, unchecked.") from None


def _webhook(app: App, tenant_id: str, platform: str) -> str:
    base = app.channels.outside.url or f"http://{app.settings.host}:{app.settings.port}"
    return actions.webhook_url(app, base.rstrip("/"), tenant_id, platform)


def _intents(text: str) -> tuple[Intent, ...]:
    asked = [word.strip() for word in text.split(",")]
    chosen = tuple(intent for intent in INTENTS if intent in asked)
    if len(chosen) != len(set(asked)):
        raise InvalidInput(f"Intents are {', '.join(INTENTS)}.")
    return chosen


def _row(channel: Channel) -> tuple[object, ...]:
    state = f"{channel.state}: {channel.state_reason}" if channel.state_reason else channel.state
    return channel.id, channel.platform, channel.name, channel.mode, state, channel.last_event_at
