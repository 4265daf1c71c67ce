"""What a model folder must hold, and whether it does."""

import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct

from socialai.errors import ModelMissing

REMEDY = "restore it from the release, or bring a whole set: socialai models import BUNDLE"

ENCODER_FILE = "model.onnx"


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
    encoder: str = ""
    """The version of the encoder that it was made for; empty for an encoder."""


def read_manifest(folder: Path) -> Manifest:
    path = folder / "manifest.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise ModelMissing(
            f"The model in {folder} is absent: {path.name} cannot be read; {REMEDY}."
        ) from error
    except msgspec.DecodeError as error:
        raise ModelMissing(
            f"The model in {folder} is damaged: {path.name} is no manifest ({error}); {REMEDY}."
        ) from error


def check_folder(folder: Path) -> Manifest:
    """Compare every file with its checksum; ModelMissing names the first that is absent or differs."""
    manifest = read_manifest(folder)
    for name, file in manifest.files.items():
        _check_file(folder / name, file)
    return manifest


def _check_file(path: Path, file: File) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelMissing(f"The model file {path} is missing; {REMEDY}.") from error
    if len(data) != file.bytes:
        raise ModelMissing(
            f"The model file {path} is damaged: {len(data):,} bytes instead of {file.bytes:,}; {REMEDY}."
        )
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise ModelMissing(f"The model file {path} is damaged: its checksum is another; {REMEDY}.")


def encoder_version(folder: Path) -> str:
    """Names the exact weights of the encoder in `folder`."""
    manifest = read_manifest(folder)
    if ENCODER_FILE not in manifest.files:
        raise ModelMissing(f"The model in {folder} is damaged: it names no {ENCODER_FILE}; {REMEDY}.")
    return f"{manifest.name}@{manifest.files[ENCODER_FILE].sha256[:12]}"


def check_made_for(folder: Path, encoder: Path) -> None:
    """ModelMissing when the heads in `folder` were made for the vectors of another encoder."""
    made_for, used = read_manifest(folder).encoder, encoder_version(encoder)
    if made_for != used:
        raise ModelMissing(
            f"The model in {folder} was made for the encoder {made_for or 'nobody named'}, and the one in "
            f"{encoder} is {used}; {REMEDY}."
        )


def unusable(path: Path, why: object = "it gives no vectors of the right width") -> str:
    return f"The model {path} cannot be used ({why}); {REMEDY}."
