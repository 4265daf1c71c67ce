"""What a CRM says its fields are like, and values made to fit them."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct


class Shape(Struct, frozen=True):
    kind: Literal["text", "number"] = "text"
    length: int = 0
    """The most characters that a text may have; 0: nobody says."""


def fit(values: Mapping[str, str], shapes: Mapping[str, Shape]) -> dict[str, str | float]:
    """Numbers as numbers, texts no longer than they may be."""
    return {name: _fitted(value, shapes.get(name, Shape())) for name, value in values.items()}


def as_text(value: str | float | bool | None) -> str:
    """As we write it: 91.0 is 91."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fitted(value: str, shape: Shape) -> str | float:
    if shape.kind == "number":
        try:
            return float(value)
        except ValueError:
            return value
    if 0 < shape.length < len(value):
        return value[: shape.length - 1] + "…"
    return value
