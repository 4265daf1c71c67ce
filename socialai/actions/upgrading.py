"""Another version of the program, from the pages: taken here; the hub does the rest as it starts again."""

from pathlib import Path

from socialai.actions.reach import may_choose
from socialai.context import App
from socialai.errors import NotAllowed, UpgradeRefused
from socialai.security.permissions import Principal
from socialai.upgrades import state, switch
from socialai.upgrades.state import State


def may_upgrade(app: App, who: Principal) -> bool:
    """The program is the machine's, as the tunnel is."""
    return may_choose(app, who)


def last(app: App) -> State | None:
    return state.find(app.settings.data_dir)


def take(app: App, who: Principal, file: Path) -> State:
    """Raises UpgradeRefused or Conflict; else the hub ends within seconds and is there again."""
    if not may_upgrade(app, who):
        raise NotAllowed(
            "The program is for whoever runs the machine, as several businesses share it: "
            "`socialai upgrade FILE`."
        )
    executable = switch.this_executable()
    if executable is None:
        raise UpgradeRefused("This program is no single file. It is upgraded as it was installed, by pip.")
    return switch.take(file, app.settings.data_dir, executable, app.clock())
