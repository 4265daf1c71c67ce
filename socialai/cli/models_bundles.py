"""Bundles of models: made, imported, activated, taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from socialai import settings
from socialai.cli.output import progress, say
from socialai.cli.recipes import need_extra, run_recipe
from socialai.domain.bundle import KINDS
from socialai.inference.bundles import file, installed, keys, make
from socialai.inference.bundles.installed import Installed
from socialai.inference.bundles.make import Facts

IMPORT_NEEDS = ("torch", "onnx", "onnxscript", "sentence_transformers")

_KINDS = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())

BundleId = Annotated[str, typer.Argument(help="As it is listed, for example llm-1.")]


class KindName(StrEnum):
    set = "set"
    search = "search"
    llm = "llm"


def add_commands(group: typer.Typer) -> None:
    group.command()(bundle)
    group.command("import")(import_)
    group.command()(activate)
    group.command()(rollback)
    group.command()(remove)


def bundle(
    source: Annotated[
        Path,
        typer.Argument(
            help="A GGUF file, a folder with encoder, triage and injection, or one of sentence-transformers."
        ),
    ],
    to: Annotated[Path, typer.Argument(help="The bundle.")],
    name: Annotated[str, typer.Option(help="What it is called; else as its files say.")] = "",
    version: Annotated[str, typer.Option(help="Which one of this name.")] = "",
    licence: Annotated[str, typer.Option(help="Else as its files say.")] = "",
    source_said: Annotated[str, typer.Option("--source", help="Where its weights are from.")] = "",
    key: Annotated[
        Path | None, typer.Option(help="The private key to sign with; this hub's own unless given.")
    ] = None,
) -> None:
    """Make one signed file of a model, to import here or elsewhere.

    Signed with this hub's own key it is taken by this hub only; for others sign with a key that they trust
    (socialai models new-key). A sentence-transformers folder becomes an encoder for the search; that needs
    the `models` extra.

    \b
    socialai models bundle qwen2.5-1.5b-instruct-q4_k_m.gguf qwen.bundle
    socialai models bundle ~/models/multilingual-e5-small e5.bundle
    """
    data_dir = settings.load().data_dir
    private = keys.read_private(key) if key else keys.own(data_dir)
    with _converted(source) as ready:
        made, folder = make.of(ready, Facts(name, version, licence, source_said))
        with progress("Writing", made.bytes) as advance:
            file.write(to, made, folder, private, advance)
    say(f"{to}: {made.title}, {made.bytes / 1e6:,.1f} MB. Import it: socialai models import {to}")


def import_(path: Annotated[Path, typer.Argument(help="A bundle.")]) -> None:
    """Check a bundle and keep it here; nothing serves it until it is activated.

    It must be signed by a key that is trusted (socialai models keys), whole, fit this machine, and work.
    Cut short, the import goes on where it was when it is started again.
    """
    data_dir = settings.load().data_dir
    head = file.read_head(path, data_dir)
    with progress("Importing", head.bundle.bytes) as advance:
        kept = installed.import_file(path, data_dir, advance)
    say(f"{kept.id}: {kept.bundle.title}, signed by {kept.signed_by}. Licence: {kept.bundle.licence}.")
    say(f"Let it serve: socialai models activate {kept.id}")


def activate(bundle_id: BundleId) -> None:
    """Let an imported bundle serve. What served before comes back with: socialai models rollback KIND"""
    chosen = installed.activate(settings.load().data_dir, bundle_id)
    say(f"{chosen.bundle.title} serves when the hub is started again.")


def rollback(
    kind: Annotated[
        KindName, typer.Argument(help="; ".join(f"{kind}: {what}" for kind, what in KINDS.items()))
    ],
) -> None:
    """Let what served before serve again, at once. The bundle stays here."""
    before = installed.roll_back(settings.load().data_dir, kind.value)
    say(f"{_title(before)} serves when the hub is started again.")


def remove(bundle_id: BundleId) -> None:
    """Delete a bundle that does not serve."""
    gone = installed.remove(settings.load().data_dir, bundle_id)
    say(f"{gone.bundle.title} is gone; {gone.bundle.bytes / 1e6:,.1f} MB are free again.")


def _title(one: Installed | None) -> str:
    return one.bundle.title if one else "What travels with the program"


@contextmanager
def _converted(source: Path) -> Iterator[Path]:
    """The folder as it is, or what the recipe made of it."""
    if not (source / "modules.json").is_file():
        yield source
        return
    need_extra(IMPORT_NEEDS, "Converting an encoder")
    with TemporaryDirectory() as folder:
        made = Path(folder, "search")
        run_recipe("imported", str(source.resolve()), str(made))
        yield made
