"""The command line: one file per command group in cli/."""

import sys

import typer

from socialai import cli
from socialai.app import build, stop
from socialai.cli.program import Program
from socialai.errors import HubError, SettingsError
from socialai.server import server

app = typer.Typer(
    name="socialai",
    help="The AI social inbox a small business runs on its own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Exit codes: 0 done, 1 refused or failed (the reason on stderr), 2 wrong usage, 3 wrong settings."""
    cli.add_commands(app)
    try:
        app(obj=Program(build, stop, server))
    except SettingsError as error:
        sys.exit(_say(error, 3))
    except HubError as error:
        sys.exit(_say(error, 1))


def _say(error: HubError, code: int) -> int:
    typer.secho(str(error), fg="red", err=True)
    return code


if __name__ == "__main__":
    main()
