"""The way of a message through triage and the rules, without knowledge, as a new tenant's hub would go it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from socialai.agents.check import check
from socialai.agents.compose import compose
from socialai.agents.orchestrator import STEPS
from socialai.agents.retrieve import retrieve
from socialai.agents.turn import Tools, Turn
from socialai.domain.clock import utc_now
from socialai.domain.conversation import Contact
from socialai.domain.limits import Limits
from socialai.domain.policy import Policy, Rules
from socialai.domain.triage import Triage
from socialai.inference.models import Models
from socialai.inference.reading import Reading

_ABOUT_KNOWLEDGE = (retrieve, compose, check)
_STEPS = tuple(step for step in STEPS if step not in _ABOUT_KNOWLEDGE)
_LIMITS = Limits(wire=2000, reply=2000)


class Judged(Struct, frozen=True):
    """`reasons` are why a person has to look; those that come from missing knowledge are not among them."""

    triage: Triage
    reasons: tuple[str, ...]


def judge(models: Models, texts: Sequence[str]) -> list[Judged]:
    """One a text, in order. Raises ModelError when a model cannot work."""
    tools = _tools(models, texts)
    policy = replace(Policy(), rules=replace(Rules(), no_evidence=False))
    return [_judge(text, policy, tools, utc_now()) for text in texts]


def _judge(text: str, policy: Policy, tools: Tools, now: datetime) -> Judged:
    contact = Contact(id=0, created_at=now)
    turn = Turn(question=text, contact=contact, policy=policy, now=now, limits=_LIMITS)
    for step in _STEPS:
        turn = step(turn, tools)
    return Judged(turn.understood, turn.escalations)


def _tools(models: Models, texts: Sequence[str]) -> Tools:
    """All texts are encoded at once."""
    reading = models.read(texts, timeout=300)
    place = {text: row for row, text in enumerate(texts)}

    def read(asked: Sequence[str]) -> Reading:
        return reading.take([place[text] for text in asked])

    return Tools(
        encode=models.encode,
        read=read,
        understand=lambda found: found.understood,
        traits=models.traits,
        search=lambda *_: [],
        products=tuple,
        sort=lambda *_: None,
        judge=models.judge,
    )
