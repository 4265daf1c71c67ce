"""socialai settings: what is set, where it comes from, and whether it is right."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from socialai import settings
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table
from socialai.errors import SettingsError
from socialai.settings import Source

group = typer.Typer(name="settings", help="What is set, and whether it is right.", no_args_is_help=True)


class _Shown(msgspec.Struct):
    name: str
    value: str
    source: str


@group.command("show")
def show(
    changed: Annotated[bool, typer.Option("--changed", help="Only what is not the default.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show every setting with its value and where that comes from: default, settings.toml or a variable."""
    found = [each for each in _shown() if not (changed and each.source == "default")]
    if as_json:
        print_json(found)
    else:
        table(
            ("Setting", "Value", "From"), [msgspec.structs.astuple(each) for each in found], "All defaults."
        )


@group.command("check")
def check() -> None:
    """Say whether the settings can be used, and name those that no setting is called. Exit code 3 if not."""
    chosen = settings.load()
    if unknown := settings.unknown_variables():
        raise SettingsError(
            f"No setting belongs to {', '.join(unknown)}. See `socialai settings show` for their names."
        )
    say(f"The settings are right ({chosen.data_dir / settings.FILE} and SOCIALAI_ variables).")


def _shown() -> Iterator[_Shown]:
    chosen, sources = settings.load(), settings.sources()
    for name in chosen.__struct_fields__:
        yield _Shown(name, _written(getattr(chosen, name)), _from(name, sources[name]))


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def _from(name: str, source: Source) -> str:
    return settings.variable(name) if source == "variable" else source
