"""A tenant's own intents, beside the five: taught by examples, and how well they are told apart."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

Handling = Literal["usual", "escalate", "auto"]
"""What such a message calls for: nothing special, a person always, or an answer by itself in auto mode."""

LEAST_EXAMPLES = 5


class CustomGuess(Struct, frozen=True):
    """The tenant's intent a message fits; `confidence` is calibrated, 0…1."""

    id: int
    name: str
    confidence: float
    handling: Handling = "usual"


class CustomIntent(Struct, frozen=True):
    """`examples` is how many there are; it is learnt from five on."""

    id: int
    name: str
    handling: Handling
    examples: int
    created_at: datetime
    updated_at: datetime


class IntentExample(Struct, frozen=True):
    """`intent_id` None: an example of what belongs to none of them."""

    id: int
    text: str
    created_at: datetime
    intent_id: int | None = None
    message_id: int | None = None


class IntentScore(Struct, frozen=True):
    """Of the intent's own examples, the share found when each was kept out of the training."""

    id: int
    name: str
    examples: int
    found: float


class Confusion(Struct, frozen=True):
    """An example that is taken for another intent when it is kept out; `said` is empty when it fits none."""

    example_id: int
    text: str
    meant: str
    said: str
    confidence: float


class IntentsReport(Struct, frozen=True):
    """What cross-validation says of a training. `accuracy` counts an example that fits none as wrong."""

    intents: int
    examples: int
    accuracy: float
    accuracy_of_fitting: float
    fitting: float
    seconds: float
    scores: tuple[IntentScore, ...]
    confusions: tuple[Confusion, ...]
    waiting: tuple[str, ...] = ()
