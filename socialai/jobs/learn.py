"""Learn what a tenant's people taught since the last time."""

from socialai.actions import intent_training
from socialai.context import App
from socialai.errors import InvalidInput
from socialai.store import custom_intents, heads


def learn(app: App, tenant_id: str, _record_id: int) -> None:
    """Once for many changes: the wake-ups of a paste of examples find nothing left to do."""
    database = app.files.tenant(tenant_id)
    version, learnt = database.read(lambda db: (custom_intents.version(db), heads.learnt_from(db, "intents")))
    if version == learnt:
        return
    try:
        intent_training.learn(app, tenant_id)
    except InvalidInput:
        return  # too little was taught so far
    app.feed.tell(tenant_id, "intents")
