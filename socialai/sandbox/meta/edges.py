"""Lists and fields as the Graph API shows them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from socialai.sandbox.meta import graph_errors
from socialai.sandbox.meta.fields import Field

Shown = dict[str, Any]
DEFAULT_LIMIT = 25


class Place(Struct, frozen=True):
    """`next` links start with the versioned address `root` and carry the token."""

    root: str
    token: str


def edge(
    place: Place, path: str, whole: Any, query: Mapping[str, str], show: Callable[[Any], Shown]
) -> Shown:
    """One page of a list; cursors count from the end, so that new items do not shift them."""
    limit, after = _number(query, "limit", DEFAULT_LIMIT), query.get("after")
    start = len(whole) - _number(query, "after", 0) if after else 0
    chosen = whole[max(start, 0) : max(start, 0) + limit]
    answer: Shown = {"data": [show(each) for each in chosen]}
    if not chosen:
        return answer
    end = start + len(chosen)
    cursors = {"before": str(len(whole) - start), "after": str(len(whole) - end)}
    answer["paging"] = {"cursors": cursors}
    if end < len(whole):
        answer["paging"]["next"] = _next(place, path, query, limit, cursors["after"])
    return answer


def _next(place: Place, path: str, query: Mapping[str, str], limit: int, after: str) -> str:
    kept = {key: value for key, value in query.items() if key not in ("limit", "after", "access_token")}
    following = {**kept, "access_token": place.token, "limit": str(limit), "after": after}
    return f"{place.root}/{path}?{urlencode(following)}"


def show(fields: tuple[Field, ...], values: Shown, kind: str) -> Shown:
    for field in fields:
        if field.name not in values:
            raise graph_errors.bad_parameter(
                f"Tried accessing nonexisting field ({field.name}) on node type ({kind})"
            )
    return {
        field.name: values[field.name] for field in fields if values[field.name] not in ({"data": []}, None)
    }


def time_of(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdigit():
        raise graph_errors.bad_parameter(f"Param {name} must be an integer")
    return int(value)
