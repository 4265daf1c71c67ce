"""socialai tunnel: how platforms reach a hub behind somebody's router."""

from pathlib import Path
from typing import Annotated

import httpx
import typer

from socialai.actions import reach
from socialai.cli.output import say
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.tunnel import NoTunnel, Program, ProgramTunnel, SshTunnel, split_user
from socialai.errors import InvalidInput
from socialai.security.permissions import operator
from socialai.tunnel import programs

group = typer.Typer(name="tunnel", help="How platforms reach this hub from outside.", no_args_is_help=True)

_PagesOption = Annotated[
    bool, typer.Option("--pages", help="Show the pages too, not only what platforms and visitors need.")
]


@group.command("ssh")
def use_ssh(
    context: typer.Context,
    server: Annotated[str, typer.Argument(metavar="USER@HOST", help="Any OpenSSH server of yours.")],
    url: Annotated[
        str, typer.Option(help="How the world names the port there, for example https://hub.example.com")
    ],
    port: Annotated[int, typer.Option(help="The server's SSH port.")] = 22,
    remote_port: Annotated[int, typer.Option(help="The port that is forwarded from there to here.")] = 8700,
    listen: Annotated[str, typer.Option(help="The address it listens on there.")] = "127.0.0.1",
    fingerprint: Annotated[
        str, typer.Option(help="The server's, as you know it; else it is shown and asked about.")
    ] = "",
    pages: _PagesOption = False,
) -> None:
    """Forward a port of your server to this hub over SSH. Given again, it pins the key the server shows then.

    \b
    socialai tunnel ssh hub@server.example.com --url https://hub.example.com
    """
    from socialai.tunnel import ssh

    user, host = split_user(server)
    key = reach.host_key(host, port)
    seen = ssh.fingerprint(key)
    if fingerprint and fingerprint != seen:
        raise InvalidInput(
            f"{host} shows {seen}, which is not the fingerprint you gave. Nothing was changed."
        )
    if not fingerprint:
        typer.confirm(f"{host} shows the host key {seen}. Is it yours?", abort=True)
    chosen = SshTunnel(
        host=host, user=user, host_key=key, url=url.rstrip("/"), port=port, listen=listen,
        remote_port=remote_port, pages=pages,
    )  # fmt: skip
    with program(context).opened() as app:
        reach.choose(app, operator(""), chosen)
        say("Put this line into ~/.ssh/authorized_keys there, once:")
        say(ssh.public_line(app.channels.outside.key()))
    say("A running hub makes the tunnel within a minute.")


@group.command("use")
def use_program(
    context: typer.Context,
    name: Annotated[Program, typer.Argument(help="A program that is installed on this machine.")],
    url: Annotated[str, typer.Option(help="The address, where the program does not say it.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="frpc's settings; {{ .Envs.SOCIALAI_PORT }} in it is the local port.")
    ] = None,
    pages: _PagesOption = False,
) -> None:
    """Let cloudflared, ngrok, tailscale or frp make the way; the hub starts it and keeps it running."""
    if name not in programs.installed():
        raise InvalidInput(f"{name} is not installed on this machine. Install it first.")
    if name == "frp" and not (url and file):
        raise InvalidInput("frp needs --url and --file.")
    chosen = ProgramTunnel(
        program=name, url=url.rstrip("/"), file=str(file.absolute()) if file else "", pages=pages
    )
    with program(context).opened() as app:
        reach.choose(app, operator(""), chosen)
    say("A running hub makes the tunnel within a minute.")


@group.command("off")
def off(context: typer.Context) -> None:
    """No tunnel: public_url says how the hub is reached, or nothing does."""
    with program(context).opened() as app:
        reach.choose(app, operator(""), NoTunnel())
    say("There is no tunnel now. A running hub ends its own within a minute.")


@group.command("key")
def key(context: typer.Context) -> None:
    """Print the line for ~/.ssh/authorized_keys on your server."""
    from socialai.tunnel import ssh

    with program(context).opened() as app:
        say(ssh.public_line(app.channels.outside.key()))


@group.command("show")
def show(context: typer.Context) -> None:
    """Show the tunnel and look from outside whether the hub is reached. Exit code 1 if it is not."""
    with program(context).opened() as app:
        choice, url = app.channels.outside.choice(), app.channels.outside.url
        is_reached = bool(url) and _is_reached(app, url)
    say(f"Tunnel: {getattr(choice, 'program', choice.__struct_config__.tag)}")
    say(f"Address: {url or 'none, so platforms cannot reach this hub'}")
    if url:
        say(
            "Asked from here, it is this hub that answers."
            if is_reached
            else "It is not this hub that answers there."
        )
    if url and not is_reached:
        raise typer.Exit(1)


def _is_reached(app: App, url: str) -> bool:
    question = "from-the-command-line"
    try:
        return httpx.get(f"{url}/reach/{question}", timeout=10).text == app.channels.outside.proof(question)
    except httpx.HTTPError:
        return False
