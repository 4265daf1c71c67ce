"""What a person does about how platforms reach this hub."""

import asyncio

from socialai import log
from socialai.actions.channels import webhook_url
from socialai.context import App
from socialai.domain.tunnel import NoTunnel, SshTunnel, TunnelChoice, check_url
from socialai.errors import DeliveryError, HubError, NotAllowed, TunnelError
from socialai.security.permissions import Principal
from socialai.store import channels, tenants


def may_choose(app: App, who: Principal) -> bool:
    """The tunnel is the machine's: an owner decides where theirs is the only business on it."""
    return who.role == "owner" and len(app.files.app.read(tenants.tenants)) == 1


def choose(app: App, who: Principal, choice: TunnelChoice) -> None:
    if who.user_id and not may_choose(app, who):
        raise NotAllowed(
            "How the hub is reached is for whoever runs the machine, as several businesses share it: "
            "`socialai tunnel show` says how it is now."
        )
    if not isinstance(choice, NoTunnel) and (choice.url or isinstance(choice, SshTunnel)):
        check_url(choice.url)
    app.channels.outside.choose(choice)


def host_key(host: str, port: int) -> str:
    """What the server shows now, to be compared and pinned by a person."""
    from socialai.tunnel import ssh

    try:
        return asyncio.run(asyncio.wait_for(ssh.host_key(host, port), 10))
    except TimeoutError:
        raise TunnelError(f"{host}:{port} does not answer. Is it the right address and port?") from None


def announce(app: App, url: str) -> None:
    """Every platform that takes it is told where to deliver from now on."""
    for tenant in app.files.app.read(tenants.tenants):
        for channel in app.files.tenant(tenant.id).read(channels.channels):
            try:
                adapter = app.channels.adapter(tenant.id, channel.id)
                adapter.subscribe(webhook_url(app, url, tenant.id, channel.platform))
            except (DeliveryError, HubError) as error:
                log.get().error(
                    "platform was not told the new address",
                    tenant=tenant.id,
                    channel=channel.id,
                    error=str(error),
                )
