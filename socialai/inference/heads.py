"""What the triage model says of a text: one row of numbers (logits), its parts in this order."""

from itertools import accumulate, pairwise

from socialai.domain.triage import INTENTS, MOODS, URGENCIES

MARKS = ("spam", "complaint", "purchase", "action", "alarm", "business")
EMOTIONS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity",
    "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear",
    "gratitude", "grief", "joy", "love", "nervousness", "optimism", "pride", "realization", "relief",
    "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
CHOICES: dict[str, tuple[str, ...]] = {"intent": INTENTS, "mood": MOODS, "urgency": URGENCIES}
"""Exactly one of each is true; of the MARKS and EMOTIONS any may be."""

HEADS: dict[str, tuple[str, ...]] = {**CHOICES, "marks": MARKS, "emotions": EMOTIONS}
_ENDS = [0, *accumulate(len(names) for names in HEADS.values())]
PARTS = {name: slice(*ends) for name, ends in zip(HEADS, pairwise(_ENDS), strict=True)}
OUTPUTS = _ENDS[-1]


def place_of(name: str) -> int:
    """The column of a mark or an emotion."""
    head = "marks" if name in MARKS else "emotions"
    return PARTS[head].start + HEADS[head].index(name)
