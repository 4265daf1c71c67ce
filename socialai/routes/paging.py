"""Lists are read page by page: `limit` and, as `cursor`, the `next` of the page before."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta, Struct
from msgspec.json import Decoder

from socialai.errors import InvalidInput

T = TypeVar("T")
P = TypeVar("P")

_LARGEST = 2**63 - 1
Whole = Annotated[int, Meta(ge=-1, le=_LARGEST)]
"""A number that SQLite can hold."""
MOST = 200

Id = Annotated[int, PathParameter(ge=0, le=_LARGEST)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many to give at most.")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=200, description="`next` of the page before; none: the first page.")
]


BY_ID: Decoder[int] = Decoder(Whole)
BY_TIME: Decoder[tuple[str, int]] = Decoder(tuple[str, Whole])
BY_RANK: Decoder[tuple[int, int]] = Decoder(tuple[Whole, Whole])
"""What a list is ordered by: the place of an item in it."""


class Page(Struct, Generic[T]):
    """`next` is the cursor of the page after; null on the last."""

    items: Sequence[T]
    next: str | None = None


def page(items: Sequence[T], limit: int, position: Callable[[T], object]) -> Page[T]:
    """Of `limit` + 1 items that were asked for: the last one says that there is another page."""
    shown = items[:limit]
    return Page(shown, _encode(position(shown[-1])) if len(items) > limit else None)


def after(cursor: str | None, places: Decoder[P]) -> P | None:
    """Where the page before ended. It is no secret and no permission: it only says where to go on in a list
    that the asker may read anyway, so it is checked and not signed."""
    if cursor is None:
        return None
    try:
        return places.decode(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (binascii.Error, UnicodeEncodeError, msgspec.DecodeError):
        raise InvalidInput("This cursor is not one of this list. Start again without it.") from None


def _encode(position: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode()
