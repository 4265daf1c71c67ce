"""Reading what a platform delivers: strict about shapes, lenient about how ids and texts are written."""

from datetime import UTC, datetime, timedelta
from json import dumps, loads
from typing import TypeVar

import msgspec
from msgspec import Raw

from socialai.errors import ParseError

Id = int | str
T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_2100_MS = 4_102_444_800_000


def decode(content: bytes | Raw, kind: type[T]) -> T:
    """`content` as `kind`, or a ParseError that says which field is wrong without quoting it."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise ParseError(str(error)) from None
    except UnicodeDecodeError:
        raise ParseError("not UTF-8") from None
    except RecursionError:
        raise ParseError("nested too deeply") from None


def decode_body(body: bytes, kind: type[T], title: str) -> T:
    """A whole delivery; half an emoji in it costs only itself."""
    try:
        return decode(body, kind)
    except ParseError:
        pass
    try:
        return decode(_mended(body), kind)
    except ParseError as error:
        raise ParseError(f"The delivery does not look like one of {title}'s: {error}.") from None


def optional(content: Raw, kind: type[T]) -> T | None:
    """What may be missing or of a shape nobody told us: it costs its own details, never the message."""
    try:
        return decode(content, kind)
    except ParseError:
        return None


def name(value: Id | None) -> str:
    """An id as text, or ParseError when it is missing."""
    if value is None or value == "":
        raise ParseError("an id is missing")
    return str(value)


def moment(milliseconds: Id) -> datetime:
    """Milliseconds as a time, or ParseError for what no clock shows."""
    try:
        count = int(milliseconds)
    except ValueError:
        raise ParseError("the time is not a number") from None
    if not 0 <= count < _YEAR_2100_MS:
        raise ParseError("the time is out of range")
    return _EPOCH + timedelta(milliseconds=count)


def iso(written: str) -> datetime:
    """A time in ISO 8601; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(written)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ParseError("the time is no time") from None


def _mended(body: bytes) -> bytes:
    """With a '?' for each half of an emoji that was cut in two; a strict reader refuses those."""
    try:
        return dumps(loads(body), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        raise ParseError("it is not JSON") from None
