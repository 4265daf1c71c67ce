"""The command line: one file per command group in cli/."""

import sys
from typing import Annotated

import typer

from socialai import __version__, cli
from socialai.app import build, stop
from socialai.cli.program import Program
from socialai.errors import HubError, SettingsError
from socialai.server import server


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"socialai {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="socialai",
    help="The AI social inbox a small business runs on its own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say the version.")
    ] = False,
) -> None:
    """The AI social inbox a small business runs on its own machine."""


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
