"""Sort what customers asked in vain, and close what is answered by now."""

from socialai.actions import gaps
from socialai.context import App


def gather(app: App, tenant_id: str, _record_id: int) -> None:
    """Once for many turns: the wake-ups of a busy minute find nothing left to do."""
    if app.files.tenant(tenant_id).read(gaps.has_news):
        gaps.gather(app, tenant_id)
