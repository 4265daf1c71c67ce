"""What people use who train nothing: VADER for the mood, and lists of words for the rest."""

import re
from collections.abc import Callable, Mapping

from socialai.domain.triage import Intent, Urgency

Scorer = Callable[[str], float]
"""−1 … 1; VADER's own advice is that positive begins at .05 and negative at −.05."""

_INTENTS: Mapping[Intent, str] = {
    "spam": "bitcoin|crypto|seo\\b|followers|giveaway|winner|verify your account|click (?:here|the link)|"
    "http|investment|casino|promotion|collab|loan",
    "complaint": "terrible|awful|worst|disgust|unacceptable|scam|rude|never again|ridiculous|disappoint|"
    "angry|ripped off|money back|lawyer|sue\\b|bad review|shame|fed up|useless|liar|thief|thieves",
    "support": "my order|my account|track|log ?in|password|cancel|return|exchange|refund|broken|damaged|"
    "not work|doesn'?t work|invoice|change (?:my|the)|missing|still waiting|arrive|delivered",
    "sales": "how much|price|cost|buy|purchase|in stock|available|quote|discount|wholesale|interested|"
    "book\\b|reserve|do you (?:have|sell)",
}
_URGENCIES: Mapping[Urgency, str] = {
    "high": "asap|urgent|immediately|emergency|right now|today|tonight|tomorrow morning|locked out|fire|"
    "smoke|hospital|danger|police|lawyer|fraud|stolen",
    "medium": "still|waiting|late|broken|damaged|not work|doesn'?t work|refund|missing|wrong|charged|"
    "log ?in|cancel",
}
_COMPILED = {
    name: re.compile(words, re.IGNORECASE) for name, words in (*_INTENTS.items(), *_URGENCIES.items())
}


def intent(text: str) -> Intent:
    return next((name for name in _INTENTS if _COMPILED[name].search(text)), "inquiry")


def urgency(text: str) -> Urgency:
    return next((level for level in _URGENCIES if _COMPILED[level].search(text)), "low")


def vader() -> Scorer | None:
    """None where it is not installed: it is no part of the hub."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return None
    analyzer = SentimentIntensityAnalyzer()
    return lambda text: float(analyzer.polarity_scores(text)["compound"])
