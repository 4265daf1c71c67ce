"""An article's text with the sentence that was quoted from it."""

import re

from msgspec import Struct


class Piece(Struct, frozen=True):
    text: str
    is_quote: bool = False


def marked(text: str, quote: str) -> list[Piece]:
    """The text in pieces; the quote may be broken over lines in it. Not found: one piece."""
    words = quote.split()
    if not words:
        return [Piece(text)]
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    if found is None:
        return [Piece(text)]
    pieces = (Piece(text[: found.start()]), Piece(found[0], True), Piece(text[found.end() :]))
    return [piece for piece in pieces if piece.text]
