"""One measured figure and what it is compared to."""

from msgspec import Struct


class Result(Struct, frozen=True):
    """`value` is None when the data set is absent; `compared_to` is a plain phrase."""

    name: str
    value: float | None
    unit: str
    compared_to: str
