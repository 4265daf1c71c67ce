"""socialai serve: run the hub."""

import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from socialai import log, settings
from socialai.cli.again import run_again, until_upgrade
from socialai.cli.background import watch
from socialai.cli.one_hub import address_of_running, only_one, say_address
from socialai.cli.program import Program, program
from socialai.context import App
from socialai.domain.clock import utc_now
from socialai.errors import SettingsError
from socialai.security import accounts, set_up
from socialai.settings import Settings, make_folders
from socialai.upgrades import switch


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    browser: Annotated[
        bool | None, typer.Option(help="Open the hub in the browser. Default: at the first run only.")
    ] = None,
) -> None:
    """Run the hub until it is told to stop (Ctrl+C, SIGTERM)."""
    chosen = settings.load()
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    run(program(context), msgspec.structs.replace(chosen, **changes), browser=browser)


Ready = Callable[[App, str], None]


def run(
    chosen_program: Program, chosen: Settings, *, browser: bool | None = None, ready: Ready | None = None
) -> None:
    """`ready` is called with the hub and its address when it is about to serve."""
    log.configure(chosen.log_level)
    make_folders(chosen)
    if browser and (running := address_of_running(chosen)):
        _open(_entrance(chosen.data_dir, running, utc_now()))
        return
    address = f"http://{chosen.host}:{chosen.port}"
    with only_one(chosen), watch.patient(address):
        settled = switch.settle(chosen.data_dir)
    if settled:
        typer.echo(settled.said)
        run_again()
    if _serve(chosen_program, chosen, browser=browser, ready=ready):
        typer.echo("Another version is put in place of this one.")
        run_again()


def _serve(chosen_program: Program, chosen: Settings, *, browser: bool | None, ready: Ready | None) -> bool:
    """Whether it ended because an upgrade waits."""
    with only_one(chosen), listen(chosen.host, chosen.port) as bound:
        app = chosen_program.build(chosen)
        address = f"http://{chosen.host}:{bound.getsockname()[1]}"
        bound.listen()  # whoever is told the address now is answered once the hub serves
        say_address(chosen, address)
        if ready:
            ready(app, address)
        _welcome(app, address, browser=browser)
        server = chosen_program.server(app)
        with (
            app.channels.outside.listen() as outside,
            watch.of_this_process(address),
            until_upgrade(app, server) as ended,
        ):
            server.run(sockets=[bound, outside])
        return ended.is_set()


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port in use is said before anything starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio only then sends small answers without waiting 40 ms for more.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SettingsError(
            f"{host}:{port} cannot be used ({error.strerror}). Another program has it, perhaps another hub; "
            "stop that, or choose another with --port."
        ) from None
    return bound


def _welcome(app: App, address: str, *, browser: bool | None) -> None:
    typer.echo(f"SocialAI Hub is at {address}   (data: {app.settings.data_dir})")
    is_first = accounts.needs_set_up(app.gate)
    if is_first:
        address = _set_up_link(app.settings.data_dir, address, app.clock())
        typer.echo(f"Set it up here, once, within an hour: {address}")
    if browser or (browser is None and is_first and _has_screen()):
        _open(address)


def _entrance(data_dir: Path, address: str, now: datetime) -> str:
    """Of a hub that runs: a fresh link while it waits to be set up."""
    return _set_up_link(data_dir, address, now) if set_up.is_waited_for(data_dir) else address


def _set_up_link(data_dir: Path, address: str, now: datetime) -> str:
    return f"{address}/setup?token={set_up.new_token(data_dir, now)}"


def _open(address: str) -> None:
    typer.echo(f"Opened in the browser: {address}")
    webbrowser.open(address)


def _has_screen() -> bool:
    """A person is looking: not a service, not a terminal far away, where a browser of text would open."""
    has_desktop = sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return sys.stdout.isatty() and has_desktop and "SSH_CONNECTION" not in os.environ
