"""A row becomes a frozen record: JSON columns are decoded by the field's type."""

import sqlite3
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


def to_record(row: sqlite3.Row, kind: type[T]) -> T:
    """Fields of `kind` that are not columns of the row keep their defaults."""
    json_fields = _json_fields(kind)
    values = {
        name: msgspec.json.decode(row[name]) if name in json_fields and row[name] is not None else row[name]
        for name in _columns(kind, tuple(row.keys()))
    }
    return msgspec.convert(values, kind, strict=False)


def to_records(rows: list[sqlite3.Row], kind: type[T]) -> list[T]:
    return [to_record(row, kind) for row in rows]


def as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


@cache
def _columns(kind: type[msgspec.Struct], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name in columns)


@cache
def _json_fields(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(
        field.name for field in msgspec.structs.fields(kind) if any(map(_is_json, _alternatives(field.type)))
    )


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _is_json(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    return isinstance(origin, type) and (
        issubclass(origin, msgspec.Struct) or origin in (list, tuple, dict, frozenset)
    )
