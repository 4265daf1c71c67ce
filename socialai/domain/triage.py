"""What was understood of a message."""

from typing import Literal, get_args

from msgspec import Struct

from socialai.domain.custom_intent import CustomGuess

Intent = Literal["sales", "support", "spam", "inquiry", "complaint"]
Mood = Literal["angry", "negative", "neutral", "positive"]
Urgency = Literal["low", "medium", "high"]
EntityKind = Literal["email", "phone", "order_number", "product", "amount", "date"]
Flag = Literal["foreign_language", "injection", "alarm", "off_topic"]

INTENTS: tuple[Intent, ...] = get_args(Intent)
MOODS: tuple[Mood, ...] = get_args(Mood)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


class Sentiment(Struct, frozen=True):
    """`score` runs from -1 (furious) to 1 (delighted)."""

    label: Mood
    score: float


class Entity(Struct, frozen=True):
    """`text` as written; `value` in one form (E.164, lower-case e-mail, '49.90 EUR', '2026-11-23')."""

    kind: EntityKind
    text: str
    value: str


class Marks(Struct, frozen=True):
    """How likely each is, 0…1; `action`: it asks us to do something, `business`: a shop could be meant."""

    spam: float = 0.0
    complaint: float = 0.0
    purchase: float = 0.0
    action: float = 0.0
    alarm: float = 0.0
    business: float = 0.0


class Understanding(Struct, frozen=True):
    """What the models say of one text, before any rule: `confidence` is calibrated, 0…1.

    `alarm`: it reads like a threat, a danger, or anger that a person has to see. `off_topic`: nothing of the
    kind that people write to a business.
    """

    intent: Intent
    confidence: float
    sentiment: Sentiment
    urgency: Urgency
    marks: Marks = Marks()
    alarm: bool = False
    off_topic: bool = False


class Language(Struct, frozen=True):
    """`code` is ISO 639-1, empty where too little is written to tell; `confidence` 0…1."""

    code: str = ""
    confidence: float = 0.0


class Traits(Struct, frozen=True):
    """What kind of text it is; `injection` 0…1: does it try to instruct the assistant?"""

    language: Language = Language()
    injection: float = 0.0


class Triage(Struct, frozen=True):
    """`intent` is the one acted on; `raw_intent` what the model said before the confidence rule.

    `confidence` is the model's, lowered for a language it was not trained for. `custom_intent` is the
    tenant's own, None where the message fits none of them.
    """

    intent: Intent
    raw_intent: Intent
    confidence: float
    sentiment: Sentiment
    urgency: Urgency
    entities: tuple[Entity, ...] = ()
    language: Language = Language()
    flags: tuple[Flag, ...] = ()
    custom_intent: CustomGuess | None = None
