"""What kind of thing a question asks for, and whether a text says one: a price, a time, a place, a person."""

import re
from functools import lru_cache

_COUNTED = r"(?:\d+|one|two|three|four|five|six|seven|eight|ten|a few)"
_KINDS = (
    (
        r"\b(?:costs?|prices?|how much|fees?|charged?|expensive|cheap\w*|pay|dear\w*)\b",
        r"[€$£¥]\s?\d|\d\s?(?:[€$£¥%]|EUR|USD|GBP)|\b(?:free|included)\b",
    ),
    (
        r"(?:^|[,.;?!] ?|\band )when\b"
        r"|\bwhen (?:is|are|was|were|do|does|did|can|could|will|would|should|s|may|must)\b|"
        r"\b(?:till when|since when|how (?:long|soon|early|late)|what (?:time|days?|date)|which days?|until|"
        r"opening|latest|"
        r"last|hours?|open|clos\w+|shut)\b",
        rf"\d[:.]\d\d|\b\d+ ?[ap]m\b|\b{_COUNTED} (?:\w+ )?(?:minute|hour|day|night|week|month|year)s?\b"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|march|april|may|june|july|"
        r"august|september|october|november|december|noon|closed|open|always)\b",
    ),
    (
        r"\b(?:where|address|how do (?:i|we) (?:get|find)|park|nearest)\b",
        r"\b(?:street|road|lane|square|floor|beside|behind|opposite|near|km|miles?|station|at the|in the)\b",
    ),
    (
        r"\b(?:who|whose|which (?:person|doctor|teacher|vet))\b",
        r"(?-i:[a-z,] [A-Z][a-z]+|^[A-Z][a-z]+ [A-Z][a-z]+)|\b(?:we|our)\b",
    ),
)
_ASKS = tuple(re.compile(asks, re.IGNORECASE) for asks, _ in _KINDS)
_SAYS = tuple(re.compile(says, re.IGNORECASE) for _, says in _KINDS)

_PERSONAL = re.compile(
    r"\b(?:is|are|was|were|has|have|did|where(?:'?s| is)|when(?:'?s| is)|what(?:'?s| is)?) (?:\w+ )?"
    r"(?:my|our|his|her|their)\b[^.?!]*\b(?:ready|confirmed|still|come|arrived?|received?|back|posted|booked|"
    r"next|now|yet|through|gone|order|parcel|results?|status)\b"
    r"|\bdid (?:you|i|we) (?:get|receive|leave)\b|\bdid (?:my|our|any\w+)\b|\bhave you (?:got|received) my\b"
    r"|\bwhy (?:was|were|is|are|am|did|has|have) (?:my|i|our)\b|\bdid i\b|\bwhere (?:has|have) (?:my|our)\b"
    r"|\bdid you (?:charge|send|find|see|get|receive)\b|\bwhat(?:'?s| is) my \w+ (?:number|balance|code)\b"
    r"|\bis (?:my|our) \w+ (?:active|paused|at \d|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|\bis (?:\w+ ){1,3}free (?:on the \d+\w*|next|this|tomorrow|tonight|now)\b|\bis (?:\w+ ){1,2}in today\b"
    r"|\bbusy (?:right )?now\b|\bsend me my\b"
    r"|\bcall me back\b|\bmy (?:account|password|login)\b|\b(?:was|were) supposed to\b",
    re.IGNORECASE,
)


def asked_kinds(question: str) -> tuple[bool, ...]:
    return tuple(bool(asks.search(question)) for asks in _ASKS)


@lru_cache(4096)  # the same passages answer many questions
def said_kinds(text: str) -> tuple[bool, ...]:
    return tuple(bool(says.search(text)) for says in _SAYS)


def is_personal(question: str) -> bool:
    """Whether it asks after the contact's own case, which is in the books and not in the knowledge."""
    return bool(_PERSONAL.search(question))
