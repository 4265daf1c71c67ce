"""Nothing in the reply that its sources do not say: numbers, prices, dates, links, addresses, names."""

import re
from collections.abc import Iterator

from socialai.agents.turn import Tools, Turn

_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w'’-]+")


def check(turn: Turn, _tools: Tools) -> Turn:
    """A reply with a doubt is never sent by itself; the doubt says what no source says."""
    if not turn.reply:
        return turn
    voice = turn.policy.voice
    said = " ".join(
        (
            *(source.sentence for source in turn.sources),
            *(hit.text for hit in turn.hits),
            voice.greeting,
            voice.welcome,
            voice.signature,
            voice.call_to_action,
            voice.cannot_answer,
            turn.contact.name or "",
        )
    )
    return turn.learn(doubts=tuple(doubts(turn.reply, said)))


def doubts(reply: str, said: str) -> Iterator[str]:
    """'number: 49.90' for everything of a checked kind in `reply` that is not in `said`."""
    rest, rest_said = reply, said
    for kind, pattern in (("link", _LINK), ("number", _NUMBER), ("name", _NAME)):
        known = {_plain(found) for found in pattern.findall(rest_said)}
        yield from (
            f"{kind}: {found}"
            for found in dict.fromkeys(pattern.findall(rest))
            if _plain(found) not in known and not (kind == "name" and _plain(found) in _plain(said))
        )
        rest, rest_said = pattern.sub(" ", rest), pattern.sub(" ", rest_said)


def _plain(text: str) -> str:
    return text.rstrip(".,;:!?)").lower()
