"""Which set of models serves: the installed one if it is whole, else the one before, else the embedded one.

A set is a folder with `encoder/`, `triage/` and `injection/`; it is installed and taken back as one. The file
`models/serves` in the data directory names the installed sets, the newest first.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct

from socialai.errors import InvalidInput, ModelError, ModelMissing
from socialai.inference.encoder import WIDTH
from socialai.inference.manifest import Manifest, check_folder, check_made_for, unusable
from socialai.inference.models import Models
from socialai.resources import resource

PARTS = ("encoder", "triage", "injection")
_HEADS = PARTS[1:]
_KEPT = 2
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
    try:
        names = (data_dir / "models" / "serves").read_text(encoding="utf-8").split()
    except OSError:
        return []
    return [data_dir / "models" / Path(name).name for name in names]


def check_set(folder: Path) -> list[Manifest]:
    """Every file as its checksum says, the heads made for this encoder. ModelMissing names what is not."""
    found = [check_folder(folder / name) for name in PARTS]
    for name in _HEADS:
        check_made_for(folder / name, folder / "encoder")
    return found


def install(source: Path, data_dir: Path) -> list[Manifest]:
    """Copy a set, to serve from the next start on; what cannot serve is refused and changes nothing."""
    if not source.is_dir():
        raise InvalidInput(f"{source} is no folder. Name one with {', '.join(PARTS)} in it.")
    check_set(source)
    new = _unused(data_dir / "models")
    try:
        for name in PARTS:
            shutil.copytree(source / name, new / name)
        found = check_set(new)
        try_out(new)
        _keep([new, *sets(data_dir)], data_dir)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise InvalidInput(f"{source} cannot be installed in {data_dir}: {error.strerror}.") from error
    except ModelError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return found


def take_back(data_dir: Path) -> Path:
    """Let the set before serve again, the embedded one where there is none: its folder."""
    known = sets(data_dir)
    if not known:
        raise InvalidInput("No models are installed; the embedded ones serve.")
    _keep(known[1:], data_dir)
    shutil.rmtree(known[0], ignore_errors=True)
    return serving(data_dir).folder


def _unused(folder: Path) -> Path:
    number = 1
    while (folder / f"set-{number}").exists():
        number += 1
    return folder / f"set-{number}"


def _keep(folders: Sequence[Path], data_dir: Path) -> None:
    """In one step: the file is written beside and then renamed."""
    new = data_dir / "models" / "serves.new"
    new.write_text("\n".join(folder.name for folder in folders[:_KEPT]), encoding="utf-8")
    new.replace(new.with_name("serves"))
    for folder in folders[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def try_out(folder: Path) -> None:
    """Understand a few texts with it. ModelMissing names the part that cannot."""
    models = Models(folder)
    try:
        vectors = models.encode(_SAMPLES)
        if vectors.shape != (len(_SAMPLES), WIDTH) or not np.isfinite(vectors).all():
            raise ModelMissing(unusable(folder / "encoder" / "model.onnx"))
        _use(folder / "triage", lambda: models.understand(vectors))
        _use(folder / "injection", lambda: models.traits(_SAMPLES, vectors))
    finally:
        models.close()


def _use(part: Path, work: Callable[[], object]) -> None:
    try:
        work()
    except (ValueError, KeyError, IndexError) as error:
        raise ModelMissing(unusable(part, error)) from error
