"""LinkedIn's names for things: urn:li:person:abc, urn:li:comment:(urn:li:activity:1,2)."""

import re
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct

from socialai.errors import ParseError
from socialai.platforms.reading import moment

_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(\w+:[^,()]+),([^,()]+)\)")
_TIME_BITS = 22


class Comment(Struct, frozen=True):
    """`thread` is the post under which it stands, `number` its own id there."""

    thread: str
    number: str

    @property
    def urn(self) -> str:
        return f"urn:li:comment:({self.thread},{self.number})"


def find_comment(urn: str) -> Comment | None:
    """LinkedIn leaves the inner `urn:li:` out here and there."""
    found = _COMMENT.fullmatch(urn)
    return Comment(f"urn:li:{found[1]}", found[2]) if found else None


def time_of(urn: str) -> datetime:
    """When the last id in it was given out, or ParseError: LinkedIn's ids carry the time."""
    numbers = re.findall(r"\d{15,20}", urn)
    if not numbers:
        raise ParseError("the time is missing")
    return moment(int(numbers[-1]) >> _TIME_BITS)


def in_path(urn: str) -> str:
    return quote(urn, safe="")
