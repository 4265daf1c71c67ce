"""Forms as pages take them: texts, several of one name, and what was wrong beside its field."""

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]
Errors = Mapping[str, str]


def text(values: Values, name: str) -> str:
    """One line or many, with one newline."""
    return next(iter(several(values, name)), "").replace("\r\n", "\n")


def several(values: Values, name: str) -> list[str]:
    """A name that comes once is a text, one that comes more often a list."""
    found = values.get(name)
    return [str(each) for each in (found if isinstance(found, list) else [] if found is None else [found])]


def is_on(values: Values, name: str) -> bool:
    """A switch that is off is not sent at all."""
    return name in values
