"""Nothing in the reply that the knowledge does not say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from socialai.agents.support import judged
from socialai.agents.turn import Tools, Turn
from socialai.domain.support import Checked

_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_GAP = re.compile(r"[ \t]{2,}")
_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w'’-]+")


class _Said(Struct, frozen=True):
    """What is in a text, found in this order: a number in a link is no number."""

    links: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]


def check(turn: Turn, tools: Tools) -> Turn:
    """What the knowledge does not say is left out if the rest still says something; else the reply keeps a
    doubt, with which it is never sent by itself."""
    if not turn.reply:
        return turn
    found = judged(turn, tools)
    if all(one.verdict != "unsupported" for one in found):
        return turn.learn(checked=found)
    if any(one.holds for one in found):
        return turn.learn(reply=_without(turn.reply, found), checked=tuple(map(_removed, found)))
    return turn.learn(checked=found, doubts=tuple(dict.fromkeys(_doubts(found))))


def _without(reply: str, found: Sequence[Checked]) -> str:
    for one in found:
        if one.verdict == "unsupported":
            reply = reply.replace(one.text, "", 1)
    return _GAP.sub(" ", reply).strip()


def _removed(one: Checked) -> Checked:
    return replace(one, verdict="removed") if one.verdict == "unsupported" else one


def _doubts(found: Sequence[Checked]) -> Iterator[str]:
    for one in found:
        if one.verdict == "unsupported":
            yield from one.doubts or (f"judge: {one.text}",)


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
