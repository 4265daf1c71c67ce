"""Which set of models serves: the installed one if it is whole, else the one before, else the embedded one.

A set is a folder with `encoder/`, `triage/` and `injection/`; it is installed and taken back as one.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct

from socialai.errors import InvalidInput, ModelError, ModelMissing
from socialai.inference import generations
from socialai.inference.encoder import WIDTH
from socialai.inference.manifest import Manifest, check_folder, check_made_for, unusable
from socialai.inference.models import Models
from socialai.resources import resource

PARTS = ("encoder", "triage", "injection")
EMBEDDED = ("answering", "support")
"""They belong to the program, not to a set."""
_HEADS = PARTS[1:]
_SAMPLES = ("Where is my order?", "")


class Serving(Struct, frozen=True):
    """`refused` says for each set that was passed over why, and what to do."""

    folder: Path
    refused: tuple[str, ...] = ()


def serving(data_dir: Path) -> Serving:
    """Takes some hundredths of a second: every byte of the chosen set is compared with its checksum."""
    refused = []
    for folder in sets(data_dir):
        try:
            check_set(folder)
        except ModelError as error:
            refused.append(f"{error} Until then the set before it serves.")
        else:
            return Serving(folder, tuple(refused))
    return Serving(resource("models"), tuple(refused))


def sets(data_dir: Path) -> list[Path]:
    """Those that are installed, the newest first."""
    return generations.kept(data_dir, "set")


def check_set(folder: Path) -> list[Manifest]:
    """Every file as its checksum says, the heads made for this encoder. ModelMissing names what is not."""
    found = [check_folder(folder / name) for name in PARTS]
    for name in _HEADS:
        check_made_for(folder / name, folder / "encoder")
    return found


def check_embedded() -> dict[str, Manifest]:
    """The models that no set replaces. ModelMissing names what is not as its checksum says."""
    return {name: check_folder(resource("models", name)) for name in EMBEDDED}


def install(source: Path, data_dir: Path) -> list[Manifest]:
    """Copy a set, to serve from the next start on; what cannot serve is refused and changes nothing."""
    if not source.is_dir():
        raise InvalidInput(f"{source} is no folder. Name one with {', '.join(PARTS)} in it.")
    check_set(source)
    with generations.added(data_dir, "set") as new:
        for name in PARTS:
            shutil.copytree(source / name, new / name)
        found = check_set(new)
        try_out(new)
    return found


def take_back(data_dir: Path) -> Path:
    """Let the set before serve again, the embedded one where there is none: its folder."""
    if not sets(data_dir):
        raise InvalidInput("No models are installed; the embedded ones serve.")
    generations.drop_newest(data_dir, "set")
    return serving(data_dir).folder


def try_out(folder: Path) -> None:
    """Understand a few texts with it. ModelMissing names the part that cannot."""
    models = Models(folder)
    try:
        vectors = models.encode(_SAMPLES)
        if vectors.shape != (len(_SAMPLES), WIDTH) or not np.isfinite(vectors).all():
            raise ModelMissing(unusable(folder / "encoder" / "model.onnx"))
        _use(folder / "triage", lambda: models.read(_SAMPLES))
        _use(folder / "injection", lambda: models.traits(_SAMPLES, vectors))
    finally:
        models.close()


def _use(part: Path, work: Callable[[], object]) -> None:
    try:
        work()
    except (ValueError, KeyError, IndexError) as error:
        raise ModelMissing(unusable(part, error)) from error
