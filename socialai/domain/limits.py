"""How long a text may be, in the unit that a platform counts in, and until when it may be answered."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal
from unicodedata import normalize

import regex
from msgspec import Struct

Unit = Literal["characters", "bytes", "utf16", "weighted"]
"""`bytes` of UTF-8; `utf16` code units, in which an emoji is two; `weighted` as X counts, see `_weighted`."""

_LINK_WEIGHT = 23
_LINK = regex.compile(
    r"(?:(?<![@$#a-z0-9])(?P<scheme>https?://)|(?<![-_./@$#a-z0-9]))"
    r"(?:[a-zß-ɏ0-9](?:[a-zß-ɏ0-9_-]*[a-zß-ɏ0-9])?\.)+[a-z]{2,}(?![a-z0-9@])"
    r"(?::[0-9]+)?(?:/(?:[a-zß-ɏ0-9_!*';:=+,.$/%#\[\]~@|&-]*[a-zß-ɏ0-9_=#/+-])?)?"
    r"(?:\?[a-z0-9_!?*'@:&=+$/%#\[\].,~|-]*[a-z0-9_&=#/-])?",
    regex.IGNORECASE,
)
"""Never more of a text than X takes for a link. It knows which endings there are and we do not, so that a
word like `index.html` weighs as a link or as its letters, whichever is more."""
_SIGN = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"\p{RI}{2}|[0-9#*]\ufe0f?\u20e3"
    r"|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\ufe0f|(?=\p{EMod})|(?=\u200d)))"
    r"(?:\p{EMod}|[\U000e0020-\U000e007f]+)?"
    r"(?:\u200d\p{Extended_Pictographic}(?:\p{EMod}|\ufe0f)?)*"
)
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


class Limits(Struct, frozen=True):
    """`wire` is what the platform takes in one message, `reply` what we write, both in `unit`; the assistant
    may answer for `window` after the contact's last message, a person for `human_window`. None: no limit."""

    wire: int
    reply: int
    unit: Unit = "characters"
    window: timedelta | None = None
    human_window: timedelta | None = None


def size(text: str, unit: Unit) -> int:
    match unit:
        case "characters":
            return len(text)
        case "bytes":
            return len(text.encode("utf-8", "surrogatepass"))
        case "utf16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case "weighted":
            return sum(weight for _, weight in _weighted(text))


def room(text: str, limit: int, unit: Unit) -> int:
    """How many characters from the start fit into `limit`."""
    if unit == "characters":
        return min(len(text), limit)
    taken = used = 0
    for length, weight in _pieces(text, unit):
        used += weight
        if used > limit:
            break
        taken += length
    return taken


def _pieces(text: str, unit: Unit) -> Iterator[tuple[int, int]]:
    """(characters, weight) of what cannot be cut, in order."""
    if unit == "weighted":
        yield from _weighted(text)
        return
    for letter in text:
        yield 1, size(letter, unit)


def _weighted(text: str) -> Iterator[tuple[int, int]]:
    """A link is 23, an emoji 2, a letter of Latin scripts 1, any other 2. Source: twitter-text config v3."""
    at = 0
    for link in _LINK.finditer(text):
        yield from _signs(text[at : link.start()])
        letters = sum(weight for _, weight in _signs(link.group()))
        yield len(link.group()), _LINK_WEIGHT if link["scheme"] else max(_LINK_WEIGHT, letters)
        at = link.end()
    yield from _signs(text[at:])


def _signs(text: str) -> Iterator[tuple[int, int]]:
    """A letter and its accent are one, as X composes them before it counts."""
    for sign in _SIGN.findall(text):
        whole = normalize("NFC", sign)
        emoji = len(whole) > 1 and _EMOJI.match(whole)
        rest = whole[emoji.end() :] if emoji else whole
        yield len(sign), (2 if emoji else 0) + sum(1 if _is_light(letter) else 2 for letter in rest)


def _is_light(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _LIGHT)
