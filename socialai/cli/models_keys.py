"""Whose bundles of models are taken. Models read every message: trust only whom you would let read them."""

from pathlib import Path
from typing import Annotated

import typer

from socialai import settings
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table
from socialai.inference.bundles import keys as known

_NONE = "No key is trusted yet. This hub's own will be once it makes a bundle; add another's: models trust"


def add_commands(group: typer.Typer) -> None:
    group.command()(keys)
    group.command()(trust)
    group.command()(distrust)
    group.command("new-key")(new_key)


def keys(as_json: JsonOption = False) -> None:
    """Show whose bundles are taken: keys that travel with the program, and those that were added here."""
    found = known.trusted(settings.load().data_dir)
    if as_json:
        print_json(found)
        return
    rows = [(key.name, key.public, "with the program" if key.is_ours else "added here") for key in found]
    table(("Whose", "Public key", "Came"), rows, _NONE)


def trust(
    name: Annotated[str, typer.Argument(help="Who holds the key.")],
    public: Annotated[str, typer.Argument(help="Their public key, 64 hexadecimal digits.")],
    programs: Annotated[
        bool, typer.Option("--programs", help="Also take upgrades of this program that they sign.")
    ] = False,
) -> None:
    """Take somebody's bundles from now on. Their models may read every message: know who they are."""
    key = known.add(settings.load().data_dir, name, public, signs_programs=programs)
    say(f"Bundles{' and upgrades' if programs else ''} that {key.name} signs are taken from now on.")


def distrust(name: Annotated[str, typer.Argument(help="As it is listed.")]) -> None:
    """Take no more bundles of a key that was added here. What it signed and is here already stays."""
    key = known.remove(settings.load().data_dir, name)
    say(f"Bundles that {key.name} signs are no longer taken.")


def new_key(file: Annotated[Path, typer.Argument(help="Where its private half goes.")]) -> None:
    """Make a key to sign bundles with for other hubs. Keep the file to yourself."""
    public = known.public_of(known.new_private(file))
    say(f"{file} is the private half; nobody else may have it. Others trust the public one:")
    say(f"socialai models trust NAME {public}")
