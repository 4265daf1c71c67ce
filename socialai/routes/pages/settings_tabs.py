"""The parts of the settings."""

from socialai.routes.pages.render import Context

_TABS = (
    ("rules", "/settings", "adjustments", "Rules and voice"),
    ("engine", "/settings/engine", "pencil", "Who writes"),
    ("cost", "/settings/cost", "chart-line", "Cost"),
    ("backups", "/settings/backups", "device-floppy", "Backups"),
    ("program", "/settings/program", "refresh", "Program"),
)


def tabs(tab: str) -> Context:
    return {"tab": tab, "settings_tabs": _TABS}
