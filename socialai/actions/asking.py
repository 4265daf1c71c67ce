"""One question of a test set on the product's own way: what is found, and what would be said."""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from socialai.actions import thinking
from socialai.agents.orchestrator import STEPS, decide
from socialai.agents.retrieve import retrieve
from socialai.agents.turn import Decision, Tools, Turn, Write
from socialai.channels import usual_limits
from socialai.context import App
from socialai.domain.conversation import Contact
from socialai.domain.knowledge import Hit
from socialai.errors import ModelError
from socialai.inference.llm import Prompt, S, user_text
from socialai.store import policies
from socialai.store.records import as_json

DEPTH = 5
_SEEKING = STEPS[: STEPS.index(retrieve) + 1]


class Told(Struct, frozen=True):
    """What a language model was told, and what it gave back or why it did not."""

    system: str
    user: str
    said: str


class Asked(Struct, frozen=True):
    """`hits` are the best, those too weak to be quoted among them; `told` is empty when no language model was
    asked."""

    hits: tuple[Hit, ...]
    decision: Decision
    milliseconds: float
    told: tuple[Told, ...] = ()

    @property
    def reply(self) -> str:
        return self.decision.reply or ""

    @property
    def claims(self) -> bool:
        """A greeting or a polite 'a colleague will reply' claims nothing."""
        return bool(self.decision.sources)

    @property
    def tier(self) -> str:
        """What wrote the reply."""
        return self.decision.tier or "silence"


def asking(app: App, tenant: str, platform: str) -> Callable[[str], Asked]:
    """Each question is a stranger's first message."""
    policy = app.files.tenant(tenant).read(policies.get)
    limits = usual_limits(platform)

    def ask(question: str) -> Asked:
        contact = Contact(id=0, created_at=app.clock())
        turn = Turn(question=question, contact=contact, now=app.clock(), policy=policy, limits=limits)
        started = time.perf_counter()
        tools = thinking.tools(app, tenant)
        model = _Overheard(tools.write) if tools.write else None
        decision = decide(turn, replace(tools, write=model))
        took = (time.perf_counter() - started) * 1000
        return Asked(_found(turn, tools), decision, took, tuple(model.told) if model else ())

    return ask


class _Overheard:
    """A language model, with what was said to it and by it."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.told: list[Told] = []

    def __call__(self, prompt: Prompt, schema: type[S]) -> S:
        try:
            said = self._write(prompt, schema)
        except ModelError as error:
            self.told.append(Told(prompt.system, user_text(prompt), str(error)))
            raise
        self.told.append(Told(prompt.system, user_text(prompt), as_json(said)))
        return said


def seek(turn: Turn, tools: Tools) -> Turn:
    """As far as the knowledge has been looked up."""
    for step in _SEEKING:
        turn = step(turn, tools)
    return turn


def _found(turn: Turn, tools: Tools) -> tuple[Hit, ...]:
    patient = replace(turn.policy, evidence=0.0, max_hits=max(turn.policy.max_hits, DEPTH))
    return seek(turn.learn(policy=patient), tools).hits


def rank(hits: Sequence[Hit], wanted: Callable[[Hit], bool]) -> int | None:
    """From 1; None when it is not among them."""
    return next((place for place, hit in enumerate(hits, 1) if wanted(hit)), None)
