"""An article → passages of a few whole sentences, each under its heading or its question."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import sentencex

from socialai.domain.knowledge import ArticleKind, Passage
from socialai.knowledge.faq import read_pairs
from socialai.knowledge.outline import SEPARATOR, sections

MAX_PASSAGE = 600
"""Characters; only a single sentence may be longer."""

MAX_SENTENCE = 1200
"""What goes on for longer without an end is no sentence and is cut between words."""

_LANGUAGE = "en"
_MAX_STRETCH = 20_000  # on hostile text sentencex takes time with the square of the length
_ABBREVIATION = re.compile(r"\b(?:approx|art|ca|est|excl|incl|max|min|no|nr|tel)\.$", re.IGNORECASE)


def chunk(kind: ArticleKind, title: str, text: str) -> list[Passage]:
    if kind == "faq":
        return _faq(title, text)
    return [
        Passage(heading=_heading(section.path, title), text=piece)
        for section in sections(text)
        for piece in pack(section.lines)
    ]


def sentences(text: str) -> list[str]:
    """`text` cut into sentences, in order; a line's end always ends one."""
    return [sentence for line in text.splitlines() for sentence in _sentences(line)]


def pack(lines: Iterable[str]) -> Iterator[str]:
    """Whole sentences, as many as fit, in passages of about the same length."""
    pieces = [(joint, sentence) for line in lines for joint, sentence in _jointed(line)]
    total = sum(len(sentence) + 1 for _, sentence in pieces)
    wanted = total / max(1, math.ceil(total / MAX_PASSAGE))
    passage = ""
    for joint, sentence in pieces:
        if passage and (len(passage) >= wanted or len(passage) + 1 + len(sentence) > MAX_PASSAGE):
            yield passage
            passage = ""
        passage = f"{passage}{joint}{sentence}" if passage else sentence
    if passage:
        yield passage


def _faq(title: str, text: str) -> list[Passage]:
    """Pairs in the text; or else the title is the question and the text its answer."""
    pairs = read_pairs(text)
    alone = not any(pair.question for pair in pairs)
    return [
        Passage(
            heading="" if alone else title, text=piece, question=title if alone else pair.question or None
        )
        for pair in pairs
        for section in sections(pair.answer)
        for piece in pack([*section.path[-1:], *section.lines])
    ]


def _heading(path: Sequence[str], title: str) -> str:
    """The title is not said twice."""
    return SEPARATOR.join(path[1:] if path and path[0].casefold() == title.casefold() else path)


def _jointed(line: str) -> Iterator[tuple[str, str]]:
    for at, sentence in enumerate(_sentences(line)):
        yield " " if at else "\n", sentence


def _sentences(line: str) -> Iterator[str]:
    """What has no letter goes with what follows, and 'approx.' with its number."""
    waiting: list[str] = []
    whole = False
    for part in _parts(line):
        if whole and not _goes_on(waiting[-1], part):
            yield from _cut(" ".join(waiting))
            waiting, whole = [], False
        waiting.append(part)
        whole = whole or any(map(str.isalpha, part))
    if waiting:
        yield from _cut(" ".join(waiting))


def _parts(line: str) -> Iterator[str]:
    for stretch in _cut(line, _MAX_STRETCH, ". "):
        yield from filter(None, map(str.strip, sentencex.segment(_LANGUAGE, stretch)))


def _goes_on(before: str, after: str) -> bool:
    return bool(_ABBREVIATION.search(before[-8:])) and (after[0].isdigit() or after[0].islower())


def _cut(text: str, most: int = MAX_SENTENCE, after: str = " ") -> Iterator[str]:
    """Pieces of at most `most` characters, cut after the last `after` in reach."""
    while len(text) > most:
        found = text.rfind(after, 1, most)
        at = found + len(after) if found > 0 else most
        yield text[:at].strip()
        text = text[at:].strip()
    yield text
