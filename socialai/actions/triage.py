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
    said = app.models.understand(app.models.encode(texts))
    return [judge(text, each, policy) for text, each in zip(texts, said, strict=True)]
