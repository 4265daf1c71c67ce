"""What a model folder must hold, and whether it does."""

import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct

from socialai.errors import ModelMissing


class File(Struct, frozen=True):
    sha256: str
    bytes: int


class Manifest(Struct, frozen=True):
    name: str
    purpose: str
    source: str
    licence: str
    recipe: str
    files: dict[str, File]


def read_manifest(folder: Path) -> Manifest:
    path = folder / "manifest.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise ModelMissing(f"The model in {folder} is absent: {path.name} cannot be read.") from error
    except msgspec.DecodeError as error:
        raise ModelMissing(
            f"The model in {folder} is damaged: {path.name} is no manifest ({error})."
        ) from error


def check_folder(folder: Path) -> Manifest:
    """Compare every file with its checksum; ModelMissing names the first that is absent or differs."""
    manifest = read_manifest(folder)
    for name, file in manifest.files.items():
        if _sha256(folder / name) != file.sha256:
            raise ModelMissing(f"The model file {folder / name} is damaged; restore it from the release.")
    return manifest


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelMissing(f"The model file {path} is missing; restore it from the release.") from error
