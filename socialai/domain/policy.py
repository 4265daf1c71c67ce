"""How a tenant wants its messages handled: every number and word here is the tenant's setting."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from socialai.domain.lead import Thresholds, Weights

Fraction = Annotated[float, Meta(ge=0, le=1)]
Phrase = Annotated[str, Meta(min_length=1, max_length=200)]

Template = Annotated[str, Meta(max_length=300)]


class Voice(Struct, frozen=True):
    """How replies sound. `{name}` in the greeting is the contact's first name, left out when unknown; `tone`
    is for a language model; nothing is sent by itself that has one of the `forbidden_words`.

    `welcome`, `thanks`, `small_talk`, `about_me` and `off_topic` answer what asks for no facts; where one is
    empty, nothing is said. `languages` are those in which replies may be.
    """

    greeting: Annotated[str, Meta(max_length=120)] = "Hi {name}!"
    welcome: Template = "Thanks for writing. How can we help?"
    signature: Annotated[str, Meta(max_length=120)] = ""
    call_to_action: Annotated[str, Meta(max_length=200)] = (
        "Shall we set up the order for you? Just reply here."
    )
    cannot_answer: Template = (
        "Thanks for your message. I want to be sure you get the right answer, "
        "so a colleague will reply to you here."
    )
    thanks: Template = "You are welcome!"
    small_talk: Template = "Thank you for asking! How can we help?"
    about_me: Template = (
        "I am the automatic assistant here. My colleagues read along and take over where they are needed."
    )
    off_topic: Template = (
        "I can only help with questions about us and what we offer. What would you like to know?"
    )
    languages: tuple[Phrase, ...] = ("en",)
    tone: Annotated[str, Meta(max_length=200)] = "friendly, plain and short"
    forbidden_words: Annotated[tuple[Phrase, ...], Meta(max_length=100)] = ()


def templates(voice: Voice) -> tuple[str, ...]:
    """What replies say that is no fact of the knowledge."""
    answers = (voice.welcome, voice.thanks, voice.small_talk, voice.about_me, voice.off_topic)
    return (*answers, voice.cannot_answer)


class Rules(Struct, frozen=True):
    """When a conversation goes to a person; each can be switched off."""

    angry_below: Annotated[float, Meta(ge=-1, le=0)] = -0.7
    high_urgency: bool = True
    words: tuple[Phrase, ...] = (
        "refund",
        "money back",
        "chargeback",
        "lawsuit",
        "lawyer",
        "sue you",
        "legal action",
        "small claims",
    )
    vip_sales: bool = True
    no_evidence: bool = True
    low_confidence: bool = True
    foreign_language: bool = True
    injection: bool = True
    alarm: bool = True


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """A tenant's settings.

    `confidence` is the least on which an intent is acted on, under `escalate_confidence` a person looks,
    and spam is left in silence only from `spam_confidence`. `evidence` is the least chance of a passage to
    answer with which it is quoted (0.5: as likely as not).
    Memory is the last `memory_messages` within `memory_days`.
    """

    weights: Weights = Weights()
    thresholds: Thresholds = Thresholds()
    rules: Rules = Rules()
    voice: Voice = Voice()
    confidence: Fraction = 0.7
    escalate_confidence: Fraction = 0.45
    spam_confidence: Fraction = 0.9
    evidence: Fraction = 0.5
    max_hits: Annotated[int, Meta(ge=1, le=20)] = 6
    memory_messages: Annotated[int, Meta(ge=1, le=200)] = 20
    memory_days: Annotated[int, Meta(ge=1, le=365)] = 7
    region: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "US"
    language: Literal["en"] = "en"
    order_patterns: Annotated[tuple[Phrase, ...], Meta(max_length=20)] = ()
    products: tuple[Phrase, ...] = ()
