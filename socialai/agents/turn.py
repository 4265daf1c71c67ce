"""One turn of one conversation: what came in, what each step learnt of it, what shall be done."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.agents.small_talk import is_small_talk
from socialai.domain.channel import Mode
from socialai.domain.conversation import Contact, Message
from socialai.domain.custom_intent import CustomGuess
from socialai.domain.knowledge import Hit
from socialai.domain.lead import Score
from socialai.domain.limits import Limits, size
from socialai.domain.memory import Told
from socialai.domain.policy import Policy
from socialai.domain.reply import Source, Tier, TurnOutcome
from socialai.domain.support import Candidate, Checked, Judgement
from socialai.domain.text import shorten
from socialai.domain.triage import Intent, Traits, Triage, Understanding
from socialai.inference.llm import Prompt, S
from socialai.inference.reading import Reading

Vectors = NDArray[np.float32]


class Write(Protocol):
    """A language model. ModelError when it fails, is busy or too late."""

    def __call__(self, prompt: Prompt, schema: type[S]) -> S: ...


class Tools(Struct, frozen=True):
    """What the steps may call; each may raise ModelError. `understand` has learnt from the tenant's
    corrections, `sort` knows its own intents, by a text and its blend; `write` is None when the tenant uses
    no language model, and `entries` are what it wrote, in the book of costs, since they were asked for last.
    """

    encode: Callable[[Sequence[str]], Vectors]
    read: Callable[[Sequence[str]], Reading]
    understand: Callable[[Reading], list[Understanding]]
    traits: Callable[[Sequence[str], Vectors], list[Traits]]
    search: Callable[[str, Vectors, int], list[Hit]]
    products: Callable[[], tuple[str, ...]]
    sort: Callable[[str, Vectors], CustomGuess | None]
    judge: Callable[[str, Sequence[Candidate]], Judgement]
    write: Write | None = None
    entries: Callable[[], tuple[int, ...]] = tuple


class Turn(Struct, frozen=True, kw_only=True):
    """`question` is what the contact wrote since the last turn; `memory` what was said before it, `recap` in
    short what was said before that, `details` what they told of themselves.

    `business` is how likely it is written to a business at all, `off_topic` that it is not, and that nothing
    in the knowledge is about it. `facts` are the sentences of the reply that must be true, `checked` what
    `check` found of each sentence, `doubts` what is in it and unsupported.
    """

    question: str
    contact: Contact
    policy: Policy
    now: datetime
    limits: Limits
    memory: tuple[Message, ...] = ()
    recap: tuple[str, ...] = ()
    details: tuple[Told, ...] = ()
    earlier_messages: int = 0
    only_media: bool = False
    mode: Mode = "draft"
    auto_intents: tuple[Intent, ...] = ()
    draft_waits: bool = False

    vector: Any = None
    triage: Triage | None = None
    business: float = 1.0
    score: Score | None = None
    hits: tuple[Hit, ...] = ()
    off_topic: bool = False
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    reply: str | None = None
    tier: Tier | None = None
    checked: tuple[Checked, ...] = ()
    doubts: tuple[str, ...] = ()
    escalations: tuple[str, ...] = ()

    def learn(self, **news: Any) -> "Turn":
        return msgspec.structs.replace(self, **news)

    def escalate(self, reason: str) -> "Turn":
        return self.learn(escalations=(*self.escalations, reason))

    def fits(self, reply: str) -> bool:
        return size(reply, self.limits.unit) <= self.limits.reply

    def shorten(self, reply: str) -> str:
        return shorten(reply, self.limits.reply, self.limits.unit)

    @property
    def is_courteous(self) -> bool:
        """It wants a polite word and no facts."""
        return self.off_topic or is_small_talk(self.question)

    @property
    def language(self) -> str:
        """Of the reply: the message's, else the first of the tenant's."""
        languages, code = self.policy.voice.languages, self.understood.language.code
        return code if code in languages else languages[0]

    @property
    def name(self) -> str | None:
        """As they call themselves, else as the platform does."""
        return next((one.value for one in self.details if one.kind == "name"), self.contact.name)

    @property
    def understood(self) -> Triage:
        assert self.triage is not None, "classify comes first"
        return self.triage

    @property
    def scored(self) -> Score:
        assert self.score is not None, "score comes after classify"
        return self.score


class Decision(Struct, frozen=True):
    """What shall be done. `reply` is a draft even when a person has to look: it saves them typing. `written`
    are the entries of the book of costs for it."""

    outcome: TurnOutcome
    triage: Triage
    score: Score
    reply: str | None
    sources: tuple[Source, ...]
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    stage_ms: dict[str, float]
    checked: tuple[Checked, ...] = ()
    tier: Tier | None = None
    written: tuple[int, ...] = ()


Step = Callable[[Turn, Tools], Turn]
