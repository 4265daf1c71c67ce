"""A set of models that understand: folders `encoder`, `triage` and `injection`, made for each other."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from socialai.errors import ModelMissing
from socialai.inference.encoder import WIDTH
from socialai.inference.manifest import Manifest, check_folder, check_made_for, unusable
from socialai.inference.models import Models
from socialai.resources import resource

PARTS = ("encoder", "triage", "injection")
EMBEDDED = ("answering", "support")
"""They belong to the program, not to a set."""
_HEADS = PARTS[1:]
_SAMPLES = ("Where is my order?", "")


def check_set(folder: Path) -> list[Manifest]:
    """Every file as its checksum says, the heads made for this encoder. ModelMissing names what is not."""
    found = [check_folder(folder / name) for name in PARTS]
    for name in _HEADS:
        check_made_for(folder / name, folder / "encoder")
    return found


def check_embedded() -> dict[str, Manifest]:
    """The models that no set replaces. ModelMissing names what is not as its checksum says."""
    return {name: check_folder(resource("models", name)) for name in EMBEDDED}


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
