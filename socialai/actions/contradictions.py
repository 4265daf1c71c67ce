"""What a person does about sentences that contradict each other."""

from socialai.context import App
from socialai.security.permissions import Principal
from socialai.store import contradictions


def dismiss(app: App, who: Principal, contradiction_id: int) -> None:
    """Both are right."""
    app.files.tenant(who.tenant_id).write(lambda db: contradictions.dismiss(db, contradiction_id))
    app.feed.tell(who.tenant_id, "knowledge")
