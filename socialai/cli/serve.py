"""socialai serve: run the hub."""

import socket
import webbrowser
from collections.abc import Callable
from typing import Annotated

import msgspec
import typer
from filelock import FileLock, Timeout

from socialai import log, settings
from socialai.cli.program import Program, program
from socialai.context import App
from socialai.errors import SettingsError
from socialai.security import accounts, set_up
from socialai.settings import Settings, make_folders


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the hub in the browser.")] = False,
) -> None:
    """Run the hub until it is told to stop (Ctrl+C, SIGTERM)."""
    chosen = settings.load()
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    run(program(context), msgspec.structs.replace(chosen, **changes), browser=browser)


Ready = Callable[[App, str], None]


def run(
    chosen_program: Program, chosen: Settings, *, browser: bool = False, ready: Ready | None = None
) -> None:
    """`ready` is called with the hub and its address when it is about to serve."""
    log.configure(chosen.log_level)
    make_folders(chosen)
    with only_one(chosen), listen(chosen.host, chosen.port) as bound:
        app = chosen_program.build(chosen)
        address = f"http://{chosen.host}:{bound.getsockname()[1]}"
        bound.listen()  # whoever is told the address now is answered once the hub serves
        if ready:
            ready(app, address)
        _welcome(app, address, browser=browser)
        with app.channels.outside.listen() as outside:
            chosen_program.server(app).run(sockets=[bound, outside])


class only_one:  # noqa: N801 - reads as a statement where it is used
    """Two hubs on one data directory would answer everything twice."""

    def __init__(self, chosen: Settings) -> None:
        self._data_dir = chosen.data_dir
        self._lock = FileLock(chosen.data_dir / "hub.lock", timeout=0)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise SettingsError(f"Another hub is running on {self._data_dir}. Stop it first.") from None

    def __exit__(self, *_: object) -> None:
        self._lock.release()


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


def _welcome(app: App, address: str, *, browser: bool) -> None:
    typer.echo(f"SocialAI Hub is at {address}   (data: {app.settings.data_dir})")
    if accounts.needs_set_up(app.gate):
        address = f"{address}/setup?token={set_up.ensure_token(app.settings.data_dir)}"
        typer.echo(f"Set it up here, once: {address}")
    if browser:
        webbrowser.open(address)
