"""What a contact tells of themselves that is worth remembering, and whether they want to be forgotten.

Nothing of health, belief or the like is kept: a person may write it down where the contact agrees.
"""

import re
from collections.abc import Iterator, Sequence

from socialai.agents.entities import MAX_TEXT
from socialai.domain.memory import LONGEST_DETAIL, Told
from socialai.domain.triage import Entity

FORGET = "the contact asks to be forgotten: what was remembered of them is gone, their messages are not"
_PART = r"[A-Z][\w'’-]{1,29}"
_NAME = rf"(?P<name>{_PART}(?:\s(?:(?:de|van|von|der|den|la|le)\s){{0,2}}{_PART}){{0,2}})"
_HELLO = r"^\s*(?:[Hh](?:i|ello|ey)|[Gg]ood \w+)[ ,.!]+"
_SAYS_NAME = (
    re.compile(rf"\b[Mm]y (?:full )?name(?:['’]s| is) {_NAME}"),
    re.compile(rf"\b[Tt]his is {_NAME}(?= (?:speaking|here|writing|from)\b)"),
    re.compile(rf"{_HELLO}(?:I['’]m|I am|this is|it['’]s) {_NAME}(?=[,.!\n]| here\b| from\b)"),
    re.compile(rf"\b(?:[Rr]egards|[Ss]incerely|[Ww]ishes|[Cc]heers|[Gg]reetings),?\s+{_NAME}\s*\Z"),
)
_NO_NAME = frozenset("Sorry Thanks Great Good Happy Sad Not Just Very So Looking Interested Angry".split())
_PREFERS = re.compile(
    r"\bI(?:['’]d| would)? (?:really |much |always |usually )?(?:prefer|rather)\b"
    r"|\bI (?:always|usually|only|never) (?:buy|use|wear|take|want|order|book|pay|drink|eat)\b"
    r"|\b[Mm]y (?:\w+ )?(?:size|colou?r) is\b|\bI (?:wear|take|am|need)(?: a)? size\b|\bI['’]m(?: a)? size\b"
    r"|\b[Pp]lease (?:only |always )?(?:call|e-?mail|text|write to|contact) me\b"
    r"|\b(?:call|reach) me (?:after|before|on|at)\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_TAKE_AWAY = r"\b(?:forget|delete|erase|remove)\b"
_YOU_KEEP = r"you (?:have|know|stored?|saved?)\b"
_FORGET = re.compile(
    rf"{_TAKE_AWAY}[^.!?\n]{{0,20}}\b(?:my|the) (?:personal )?(?:data|details|information)\b"
    rf"|{_TAKE_AWAY}[^.!?\n]{{0,12}}\b(?:everything|all|what(?:ever)?) (?:that )?{_YOU_KEEP}"
    r"|\bright to be forgotten\b|\bforget (?:all |everything )?about me\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:do not|don['’]?t|never|cannot|can['’]?t)\s+(?:\w+\s)?$", re.IGNORECASE)


def told(text: str, entities: Sequence[Entity]) -> tuple[Told, ...]:
    return tuple(dict.fromkeys(_told(text[:MAX_TEXT], entities)))


def asks_to_be_forgotten(text: str) -> bool:
    found = _FORGET.search(text[:MAX_TEXT])
    return found is not None and not _NOT.search(text[: found.start()])


def _told(text: str, entities: Sequence[Entity]) -> Iterator[Told]:
    if name := _name(text):
        yield Told("name", name)
    for entity in entities:
        if entity.kind == "order_number":
            yield Told("order_number", entity.value)
    if _PREFERS.search(text):
        yield from _preferences(text)


def _name(text: str) -> str:
    for pattern in _SAYS_NAME:
        found = pattern.search(text)
        if found and found["name"].split()[0] not in _NO_NAME:
            return found["name"]
    return ""


def _preferences(text: str) -> Iterator[Told]:
    """The whole sentence, in their words: what is meant needs it. A question prefers nothing."""
    for sentence in _SENTENCE.findall(text):
        said = " ".join(sentence.split())
        if _PREFERS.search(said) and not said.endswith("?") and len(said) <= LONGEST_DETAIL:
            yield Told("preference", said)
