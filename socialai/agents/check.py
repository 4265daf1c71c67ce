"""Nothing in the reply that its sources do not say: numbers, prices, dates, links, addresses, names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from socialai.agents.turn import Tools, Turn

_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w'’-]+")


class _Said(Struct, frozen=True):
    """What is in a text, found in this order: a number in a link is no number."""

    links: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]


def check(turn: Turn, _tools: Tools) -> Turn:
    """A reply with a doubt is never sent by itself; the doubt says what no source says."""
    if not turn.reply:
        return turn
    voice = turn.policy.voice
    said = (
        *(source.sentence for source in turn.sources),
        *(hit.text for hit in turn.hits),
        voice.greeting,
        voice.welcome,
        voice.signature,
        voice.call_to_action,
        voice.cannot_answer,
        turn.contact.name or "",
    )
    return turn.learn(doubts=tuple(doubts(turn.reply, said)))


def doubts(reply: str, said: Sequence[str]) -> Iterator[str]:
    """'number: 49.90' for everything of a checked kind in `reply` that is in none of `said`."""
    found = _read(reply)
    if found.links:
        yield from _unknown("link", found.links, (_known(text).links for text in said))
    if found.numbers:
        yield from _unknown("number", found.numbers, (_known(text).numbers for text in said))
    for name in dict.fromkeys(found.names):
        if not any(_plain(name) in text.lower() for text in said):
            yield f"name: {name}"


def _unknown(kind: str, found: Iterable[str], known: Iterable[Sequence[str]]) -> Iterator[str]:
    plain = frozenset[str]().union(*known)
    return (f"{kind}: {one}" for one in dict.fromkeys(found) if _plain(one) not in plain)


@lru_cache(4096)  # the same passages answer many questions
def _known(text: str) -> _Said:
    said = _read(text)
    return _Said(tuple(map(_plain, said.links)), tuple(map(_plain, said.numbers)), ())


def _read(text: str) -> _Said:
    without_links = _LINK.sub(" ", text)
    return _Said(
        links=tuple(_LINK.findall(text)),
        numbers=tuple(_NUMBER.findall(without_links)),
        names=tuple(_NAME.findall(_NUMBER.sub(" ", without_links))),
    )


def _plain(text: str) -> str:
    return text.rstrip(".,;:!?)").lower()
