"""The commands. A group is imported only when the program starts as a command line."""

import typer

from socialai.cli import demo, serve


def add_commands(app: typer.Typer) -> None:
    app.command()(serve.serve)
    app.command()(demo.demo)
