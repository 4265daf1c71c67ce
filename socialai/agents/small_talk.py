"""What needs a polite word or none, but no facts: greetings, thanks, small talk, who is speaking here."""

import re
from functools import lru_cache
from typing import Literal

Courtesy = Literal["greeting", "thanks", "small_talk", "about_me"]

_GREETING = frozenset(
    "hi hello hey hiya howdy greetings there good morning afternoon evening day everyone all team "
    "start".split()  # how a chat with a bot begins
)
_THANKS = frozenset(
    "thanks thank you thx ty cheers so much very many a lot again ok okay great perfect got it cool nice "
    "awesome bye goodbye have good day take care will do no problem all clear".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FEW = 6
_LONGEST = 90
"""Letters: who writes more has something to say."""
_APPROVES = re.compile(r"[\s👍🙏👌❤💚💙💜😊🙂😀😃😄😍🥰🎉✨✅\ufe0f\U0001f3fb-\U0001f3ff]+")
_HELLO = r"(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day))(?: there| all)?[\s,.!]*(?:and )?)?"
_ASIDE = (
    r"how (?:are|r) (?:you|u|things)(?: (?:doing|today|all))*",
    r"how(?:'s| is) (?:it|everything) going",
    r"how(?:'s| is) your (?:day|week|weekend)(?: going)?",
    r"how do you do|what'?s up|nice to meet you|(?:good|nice) weather today",
    r"(?:i )?hope (?:you(?:'re| are)|all is|everything is) (?:all )?(?:well|fine|ok|good)(?: there)?",
    r"happy (?:new year|easter|holidays|friday|weekend)|merry (?:christmas|xmas)",
    r"have a (?:nice|good|great|lovely) (?:day|evening|weekend|week|one)(?: too)?",
)
_TALKING = r"(?:talking|speaking|writing|chatting) (?:to|with)"
_WHO = r"(?:an? )?(?:real |actual |live )?(?:(?:chat|ro)?bot|human|person|machine|computer|ai|assistant)"
_WHO_ANSWERS = (
    rf"(?:are you|is this|am i {_TALKING}) {_WHO}(?: or {_WHO})?",
    rf"who (?:are you|is this|am i {_TALKING})|what are you",
    r"what(?:'s| is) your name|do you have a name",
)
_SMALL_TALK = re.compile(f"{_HELLO}(?:{'|'.join(_ASIDE)})")
_ABOUT_ME = re.compile(f"{_HELLO}(?:{'|'.join(_WHO_ANSWERS)})")


@lru_cache(1024)  # several steps ask of the same message
def courtesy(text: str) -> Courtesy | None:
    """None for what wants more than a polite word."""
    said = " ".join(text.lower().replace("’", "'").split())
    if not said or len(said) > _LONGEST:
        return None
    if _only(said, _GREETING):
        return "greeting"
    if _only(said, _THANKS) or _APPROVES.fullmatch(said):
        return "thanks"
    said = said.strip(" ?!.,")
    if _SMALL_TALK.fullmatch(said):
        return "small_talk"
    return "about_me" if _ABOUT_ME.fullmatch(said) else None


def is_small_talk(text: str) -> bool:
    return courtesy(text) is not None


def _only(text: str, known: frozenset[str]) -> bool:
    words = _WORD.findall(text)
    return "?" not in text and 0 < len(words) <= _FEW and all(word in known for word in words)
