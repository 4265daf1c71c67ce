"""Learn what a tenant's people taught or corrected since the last time, and all of it for a new encoder."""

from typing import Protocol

from socialai.actions import corrections as correcting
from socialai.actions import intent_training
from socialai.context import App
from socialai.errors import InvalidInput
from socialai.store import corrections, custom_intents, heads
from socialai.store.db import Job
from socialai.store.heads import HeadKind


class Learning(Protocol):
    """`made_for` names the vectors that it would learn from now."""

    def made_for(self, app: App, /) -> str: ...

    def learn(self, app: App, tenant_id: str, /) -> object: ...


def learn(app: App, tenant_id: str, _record_id: int) -> None:
    """Once for many changes: the wake-ups of a paste of examples find nothing left to do."""
    _learn(app, tenant_id, "intents", custom_intents.version, intent_training)
    _learn(app, tenant_id, "corrections", corrections.version, correcting)


def _learn(app: App, tenant_id: str, kind: HeadKind, version: Job[int], how: Learning) -> None:
    taught, learnt = app.files.tenant(tenant_id).read(
        lambda db: (version(db), heads.learnt_from(db, kind, how.made_for(app)))
    )
    if taught == learnt:
        return
    try:
        how.learn(app, tenant_id)
    except InvalidInput:
        return  # too little so far
    app.feed.tell(tenant_id, "intents")
