"""Fit a text into a limit the way a person would: at a sentence, else at a word.

A limit is in the unit given and large enough for any one character.
"""

from collections.abc import Iterator

from sentencex import segment

from socialai.domain.limits import Unit, room, size

CUT = "…"


def shorten(text: str, limit: int, unit: Unit = "characters") -> str:
    """The whole sentences from the start that fit; of a first sentence too long, whole words and `CUT`."""
    text = text.strip()
    fits = room(text, limit, unit)
    if fits == len(text):
        return text
    if end := _last_sentence_end(text, fits):
        return text[:end].rstrip()
    return text[: _last_word_end(text, room(text, limit - size(CUT, unit), unit))].rstrip() + CUT


def split(text: str, limit: int, unit: Unit = "characters") -> list[str]:
    """The text in as few pieces as sentences allow, none over `limit`; only space between them is lost."""
    pieces = []
    rest = text.strip()
    while rest:
        piece = rest[: _end(rest, room(rest, limit, unit))].rstrip()
        pieces.append(piece)
        rest = rest[len(piece) :].lstrip()
    return pieces


def _end(text: str, fits: int) -> int:
    """Where a piece ends, of whose characters `fits` have room."""
    if len(text) <= fits:
        return len(text)
    return _last_sentence_end(text, fits) or _last_word_end(text, fits)


def _last_sentence_end(text: str, fits: int) -> int:
    """Where the last sentence that fits ends; 0 when not even the first does."""
    return max((end for end in _sentence_ends(text) if end <= fits), default=0)


def _sentence_ends(text: str) -> Iterator[int]:
    """The sentences' language matters only for abbreviations; English rules serve the others well enough."""
    start = 0
    for sentence in segment("en", text):
        end = start + len(sentence.rstrip())
        start += len(sentence)
        if not _inside_a_word(text, end):
            yield end


def _last_word_end(text: str, fits: int) -> int:
    """The last space within `fits`, or `fits` itself when one word fills it."""
    return next((at for at in range(fits, 0, -1) if text[at].isspace()), fits)


def _inside_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
