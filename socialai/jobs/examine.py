"""Ask the tenant's test cases that wait, a few at a time."""

from socialai.actions import cases
from socialai.context import App


def examine(app: App, tenant_id: str, _record_id: int) -> None:
    if cases.examine(app, tenant_id):
        app.tasks.wake("examine", tenant_id, 0)
