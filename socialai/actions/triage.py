"""What the models understand of texts that belong to no conversation."""

from collections.abc import Sequence

from msgspec.structs import replace

from socialai.actions.thinking import tools
from socialai.agents.classify import judge
from socialai.context import App
from socialai.domain.policy import Policy
from socialai.domain.triage import Triage
from socialai.store import policies

MOST = 256
"""Texts a call: the lane cuts them into its own batches."""


def triage(app: App, tenant_id: str | None, texts: Sequence[str]) -> list[Triage]:
    """One a text, in order; nothing is kept. Raises ModelError when a model cannot work.

    A tenant's settings, own intents and corrections count; without one the usual settings do.
    """
    if not texts:
        return []
    return _usual(app, texts) if tenant_id is None else _of_tenant(app, tenant_id, texts)


def _usual(app: App, texts: Sequence[str]) -> list[Triage]:
    reading, now = app.models.read(texts), app.clock()
    traits = app.models.traits(texts, reading.vectors)
    return [
        judge(text, said, kind, Policy(), now)
        for text, said, kind in zip(texts, reading.understood, traits, strict=True)
    ]


def _of_tenant(app: App, tenant_id: str, texts: Sequence[str]) -> list[Triage]:
    """As `classify` does it for a message, but many at once."""
    known, now = tools(app, tenant_id), app.clock()
    policy = app.files.tenant(tenant_id).read(policies.get)
    policy = policy if policy.products else replace(policy, products=known.products())
    reading = known.read(texts)
    understood, traits = known.understand(reading), known.traits(texts, reading.vectors)
    return [
        replace(judge(text, said, kind, policy, now), custom_intent=known.sort(text, blend))
        for text, said, kind, blend in zip(texts, understood, traits, reading.blends, strict=True)
    ]
