"""What the models understand of texts that belong to no conversation."""

from collections.abc import Sequence

from socialai.agents.classify import judge
from socialai.context import App
from socialai.domain.policy import Policy
from socialai.domain.triage import Triage

MOST = 256
"""Texts a call: the lane cuts them into its own batches."""


def triage(app: App, policy: Policy, texts: Sequence[str]) -> list[Triage]:
    """One a text, in order; nothing is kept. Raises ModelError when a model cannot work."""
    vectors, now = app.models.encode(texts), app.clock()
    understood, traits = app.models.understand(vectors), app.models.traits(texts, vectors)
    return [
        judge(text, said, kind, policy, now)
        for text, said, kind in zip(texts, understood, traits, strict=True)
    ]
