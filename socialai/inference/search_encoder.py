"""An encoder that the owner brought for the search in the knowledge; triage keeps the one it was made for."""

import shutil
from pathlib import Path

import numpy as np
from msgspec import Struct

from socialai.errors import InvalidInput, ModelError, ModelMissing
from socialai.inference import generations
from socialai.inference.encoder import WIDTH, Encoder
from socialai.inference.manifest import ENCODER_FILE, Manifest, check_folder, unusable

_SAMPLES = ("Where is my order?", "")


class Searching(Struct, frozen=True):
    """`folder` None: the embedded encoder searches, too. `refused` says why one was passed over."""

    folder: Path | None = None
    refused: tuple[str, ...] = ()


def serving(data_dir: Path) -> Searching:
    refused = []
    for folder in generations.kept(data_dir, "search"):
        try:
            check_folder(folder)
        except ModelError as error:
            refused.append(f"{error} Until then another encoder searches.")
        else:
            return Searching(folder, tuple(refused))
    return Searching(None, tuple(refused))


def install(source: Path, data_dir: Path) -> Manifest:
    """Copy a converted encoder, to search from the next start on; what cannot encode is refused."""
    check_folder(source)
    with generations.added(data_dir, "search") as new:
        shutil.copytree(source, new)
        found = check_folder(new)
        try_out(new)
    return found


def take_back(data_dir: Path) -> Path | None:
    """Let the encoder before search again: its folder, None for the embedded one."""
    if not generations.kept(data_dir, "search"):
        raise InvalidInput("No encoder was imported; the embedded one searches.")
    generations.drop_newest(data_dir, "search")
    return serving(data_dir).folder


def try_out(folder: Path) -> None:
    encoder = Encoder(folder, tap="")
    try:
        vectors = encoder.encode(_SAMPLES)
    except ValueError as error:
        raise ModelMissing(unusable(folder / ENCODER_FILE)) from error
    lengths = np.linalg.norm(vectors, axis=1)
    if vectors.shape != (len(_SAMPLES), WIDTH) or not np.allclose(lengths, 1, atol=1e-3):
        raise ModelMissing(unusable(folder / ENCODER_FILE, "its vectors are not of length 1"))
