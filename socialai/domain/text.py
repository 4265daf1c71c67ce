"""Fit a text into a limit the way a person would: at a sentence, else at a word.

Lengths are characters; a limit is at least 1.
"""

from collections.abc import Iterator

from sentencex import segment

CUT = "…"


def shorten(text: str, limit: int) -> str:
    """The whole sentences from the start that fit; of a first sentence too long, whole words and `CUT`."""
    text = text.strip()
    if len(text) <= limit:
        return text
    if end := _last_sentence_end(text, limit):
        return text[:end].rstrip()
    return text[: _last_word_end(text, limit - len(CUT))].rstrip() + CUT


def split(text: str, limit: int) -> list[str]:
    """The text in as few pieces as sentences allow, none over `limit`; only space between them is lost."""
    pieces = []
    rest = text.strip()
    while rest:
        piece = rest[: _end(rest, limit)].rstrip()
        pieces.append(piece)
        rest = rest[len(piece) :].lstrip()
    return pieces


def _end(text: str, limit: int) -> int:
    if len(text) <= limit:
        return len(text)
    return _last_sentence_end(text, limit) or _last_word_end(text, limit)


def _last_sentence_end(text: str, limit: int) -> int:
    """Where the last sentence that fits ends; 0 when not even the first does."""
    return max((end for end in _sentence_ends(text) if end <= limit), default=0)


def _sentence_ends(text: str) -> Iterator[int]:
    """The sentences' language matters only for abbreviations; English rules serve the others well enough."""
    start = 0
    for sentence in segment("en", text):
        end = start + len(sentence.rstrip())
        start += len(sentence)
        if not _inside_a_word(text, end):
            yield end


def _last_word_end(text: str, limit: int) -> int:
    """The last space within `limit`, or `limit` itself when one word fills it."""
    return next((at for at in range(limit, 0, -1) if text[at].isspace()), limit)


def _inside_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
