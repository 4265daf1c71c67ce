"""What the doctor found."""

from typing import Literal

from msgspec import Struct


class Finding(Struct, frozen=True):
    """`message` says what is, or what is wrong and what to do; `command` does it, where one does."""

    part: str
    state: Literal["ok", "warn", "fix"]
    message: str
    command: str = ""


def ok(part: str, message: str) -> Finding:
    return Finding(part, "ok", message)


def warn(part: str, message: str, command: str = "") -> Finding:
    """It works, and may not for long, or not as well as it could."""
    return Finding(part, "warn", message, command)


def fix(part: str, message: str, command: str = "") -> Finding:
    return Finding(part, "fix", message, command)
