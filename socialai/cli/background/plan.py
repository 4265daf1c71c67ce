"""What runs in the background, and what a system must be told for that."""

import os
import sys
from pathlib import Path

from msgspec import Struct

NAME = "socialai-hub"

Command = tuple[str, ...]


class Definition(Struct, frozen=True):
    """`words` is the command that runs; `user` whose it is, where the whole machine shall have it."""

    words: Command
    data_dir: Path
    user: str | None = None


class Plan(Struct, frozen=True):
    """`text` goes into `file`, then the commands must succeed. A `status` that fails: it is off."""

    install: tuple[Command, ...]
    start: tuple[Command, ...]
    stop: tuple[Command, ...]
    status: Command
    uninstall: tuple[Command, ...]
    file: Path | None = None
    text: str = ""


def program() -> Command:
    """How this very program is started again."""
    if executable := os.environ.get("SOCIALAI_EXECUTABLE"):
        return (executable,)
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "socialai")
