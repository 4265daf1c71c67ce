"""socialai service: the hub in the background, from the start of the machine on."""

import getpass
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from socialai import settings
from socialai.cli.background import launchd, systemd, windows
from socialai.cli.background.plan import Command, Definition, Plan, program
from socialai.cli.background.supervisor import Supervisor
from socialai.cli.background.watch import answers
from socialai.cli.one_hub import address_of_running, said_address
from socialai.cli.output import say, warn
from socialai.errors import SettingsError
from socialai.settings import Settings

group = typer.Typer(name="service", help="The hub in the background.", no_args_is_help=True)

_System = Annotated[
    bool, typer.Option("--system", help="For the whole machine, not this user; needs its administrator.")
]
_As = Annotated[str | None, typer.Option("--as", help="With --system: whom it runs as. Default: who asks.")]
_PLANS: dict[str, Callable[[Definition, Path], Plan]] = {
    "linux": systemd.plan,
    "darwin": launchd.plan,
    "win32": windows.plan,
}
_DENIED = "Do it as the administrator of this machine"


@group.command("install")
def install(system: _System = False, user: _As = None) -> None:
    """Start the hub now and whenever the machine starts, and again when it fails.

    \\b
    socialai service install
    sudo socialai service install --system --as olga
    """
    owner = _owner(system, user)
    plan, chosen = _plan(owner), _settings(owner)
    if running := address_of_running(chosen):
        raise SettingsError(f"The hub is running at {running}. Stop that one, then install the service.")
    if plan.file is not None:
        _write(plan.file, plan.text)
    _run(plan.install)
    say(f"The hub runs in the background, at http://{chosen.host}:{chosen.port}. Its data: {chosen.data_dir}")
    say("Set it up by starting the program once more: socialai serve --browser")


@group.command("start")
def start(system: _System = False, user: _As = None) -> None:
    """Start the hub that was stopped."""
    _run(_plan(_owner(system, user)).start)
    say("Started.")


@group.command("stop")
def stop(system: _System = False, user: _As = None) -> None:
    """Stop the hub until it is started, or the machine is."""
    _run(_plan(_owner(system, user)).stop)
    say("Stopped.")


@group.command("status")
def status(system: _System = False, user: _As = None) -> None:
    """Say whether the hub runs, and where. Exit code 1 when it does not."""
    owner = _owner(system, user)
    plan, chosen = _plan(owner), _settings(owner)
    is_on = _answer(plan.status).returncode == 0
    running = address_of_running(chosen)
    installed = plan.file is None or plan.file.exists()
    say(f"service: {'on' if is_on else 'off' if installed else 'not installed (socialai service install)'}")
    say(f"hub: {'at ' + running if running else 'not running'}   (data: {chosen.data_dir})")
    if running and not answers(running):
        warn("It does not answer. It is starting, or hangs and will be started again soon.")
    if not running:
        raise typer.Exit(1)


@group.command("uninstall")
def uninstall(system: _System = False, user: _As = None) -> None:
    """Stop the hub and start it no more. All data stay."""
    plan = _plan(_owner(system, user))
    for command in plan.uninstall:
        if (answer := _answer(command)).returncode:
            warn(_why(command, answer))
    if plan.file is not None:
        plan.file.unlink(missing_ok=True)
    say("The hub runs in the background no more. Its data are where they were.")


@group.command("supervise", hidden=True)
def supervise() -> None:
    """Run the hub, again and again (macOS)."""
    supervisor = _supervisor()
    signal.signal(signal.SIGTERM, lambda *_: supervisor.stop())
    raise typer.Exit(supervisor.run())


@group.command("host", hidden=True)
def host(data_dir: Annotated[Path, typer.Option(help="The hub's data.")]) -> None:
    """Be a service of Windows."""
    os.environ["SOCIALAI_DATA_DIR"] = str(data_dir)
    windows.host(_supervisor())


def _supervisor() -> Supervisor:
    chosen = settings.load()
    command = (*program(), "serve", "--no-browser")
    return Supervisor(command, os.environ, chosen.data_dir / "logs", lambda: answers(said_address(chosen)))


def _owner(system: bool, user: str | None) -> str | None:
    """Whom a hub of the whole machine runs as; None for one of this user."""
    if not system:
        return None
    owner = user or os.environ.get("SUDO_USER") or getpass.getuser()
    if owner == "root":
        raise SettingsError("The hub needs no such rights. Say as which user it shall run: --as NAME")
    return owner


def _plan(owner: str | None) -> Plan:
    make = _PLANS.get(sys.platform)
    if make is None:
        raise SettingsError("This system is not known. Start 'socialai serve' by its own means.")
    return make(Definition(program(), _settings(owner).data_dir, owner), Path.home())


def _settings(owner: str | None) -> Settings:
    """With sudo one is root, whose own data nobody means."""
    if owner is None or "SOCIALAI_DATA_DIR" in os.environ:
        return settings.load()
    below_home = settings.default_data_dir().relative_to(Path.home())
    data_dir = Path(f"~{owner}").expanduser() / below_home
    return settings.load({**os.environ, "SOCIALAI_DATA_DIR": str(data_dir)})


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written ({error.strerror}). {_DENIED}.") from None


def _run(commands: Sequence[Command]) -> None:
    for command in commands:
        if (answer := _answer(command)).returncode:
            raise SettingsError(_why(command, answer))


def _answer(command: Command) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=660)
    except OSError as error:
        raise SettingsError(f"{command[0]} cannot be run here: {error.strerror}.") from None


def _why(command: Command, answer: subprocess.CompletedProcess[str]) -> str:
    said = (answer.stderr or answer.stdout).strip().splitlines()
    return (
        f"'{' '.join(command)}' failed: {said[-1] if said else f'exit code {answer.returncode}'}. {_DENIED}?"
    )
