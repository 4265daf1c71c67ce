"""A backup, when the plan says so or a person asked for it; and a try whether one comes back whole."""

from socialai.actions import backups
from socialai.context import App


def back_up(app: App, _tenant_id: str, run_id: int) -> None:
    """`run_id` 0: if one is due."""
    if run_id or backups.due(app):
        backups.make(app, run_id or backups.begin(app))


def drill(app: App, _tenant_id: str, run_id: int) -> None:
    backups.drill(app, run_id)
