"""The command line, as the other commands' tests give it."""

from tests.cli.conftest import at, commands, run

__all__ = ["at", "commands", "run"]
