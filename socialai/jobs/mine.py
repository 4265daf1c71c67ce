"""Look through conversations that a person resolved for answers that could become articles."""

from socialai.actions import candidates
from socialai.context import App
from socialai.store.candidates import has_news


def mine(app: App, tenant_id: str, _record_id: int) -> None:
    if app.files.tenant(tenant_id).read(has_news):
        candidates.mine(app, tenant_id)
