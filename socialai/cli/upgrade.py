"""socialai upgrade: another version of the program in the place of this one, or back again."""

import time
from pathlib import Path
from typing import Annotated

import typer

from socialai import settings
from socialai.cli.one_hub import address_of_running, only_one, running_executable
from socialai.cli.output import say
from socialai.domain.clock import utc_now
from socialai.errors import InvalidInput, SettingsError, UpgradeRefused
from socialai.settings import Settings
from socialai.upgrades import state, switch
from socialai.upgrades.state import State

_LOOK_SECONDS = 0.5


def upgrade(
    file: Annotated[Path | None, typer.Argument(help="The upgrade, as it was downloaded.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Go back to the version before.")] = False,
    older: Annotated[bool, typer.Option("--older", help="Take a version older than this one.")] = False,
) -> None:
    """Put another version of the program in the place of this one. No network is needed.

    The file must be signed by a key that is trusted (models keys). The databases are copied, the new version
    brings them up to date and proves that it works, and only then takes this one's place; else everything is
    put back as it was. A hub that runs is started again. The version before stays beside it.

    \b
    socialai upgrade socialai-0.2.0-linux-x86_64.upgrade
    socialai upgrade --back
    """
    chosen = settings.load()
    if back:
        _go_back(chosen)
        return
    if file is None:
        raise InvalidInput("Say which file: socialai upgrade FILE. Or go back: socialai upgrade --back")
    taken = switch.take(file, chosen.data_dir, _executable(chosen), utc_now(), older=older)
    say(f"{file.name} is version {taken.to}, signed and whole.")
    over = _await(chosen) if address_of_running(chosen) else _settle(chosen)
    if over.stage == "failed":
        raise UpgradeRefused(over.said)
    say(over.said)


def _settle(chosen: Settings) -> State:
    say("The databases are copied and brought up to date …")
    with only_one(chosen):
        over = switch.settle(chosen.data_dir)
    assert over is not None
    return over


def _await(chosen: Settings) -> State:
    """The hub that runs ends itself, does the rest and is there again."""
    say("The hub that runs is started again with it …")
    while (found := state.find(chosen.data_dir)) and found.stage in ("waiting", "trying"):
        time.sleep(_LOOK_SECONDS)
    assert found is not None
    return found


def _go_back(chosen: Settings) -> None:
    if running := address_of_running(chosen):
        raise SettingsError(
            f"Stop the hub at {running} first: socialai service stop, or Ctrl+C where it runs."
        )
    with only_one(chosen):
        version = switch.go_back(chosen.data_dir, _executable(chosen))
    say(f"Version {version} is back. Start it again.")


def _executable(chosen: Settings) -> Path:
    found = running_executable(chosen) or switch.this_executable()
    if found is None:
        raise UpgradeRefused("This program is no single file. It is upgraded as it was installed, by pip.")
    return found
