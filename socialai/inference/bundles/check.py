"""Whether a bundle can be used here: for this program and machine, and that it works."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from socialai import __version__, machine
from socialai.domain.bundle import Bundle, Kind, is_older
from socialai.errors import BundleRefused, ModelMissing
from socialai.inference import llama_trial, sets
from socialai.inference.encoder import WIDTH, Encoder
from socialai.inference.gguf import read_header
from socialai.inference.manifest import ENCODER_FILE, check_folder, unusable

MOST_OF_MEMORY = 0.8
_SPARE = 256 * 1024 * 1024
"""Bytes that stay free on the disk, for what customers write."""
_SAMPLES = ("Where is my order?", "")


def fits(bundle: Bundle, folder: Path) -> None:
    """Before anything of it is written. BundleRefused says what is missing."""
    if is_older(__version__, bundle.program):
        raise BundleRefused(
            f"{bundle.title} needs version {bundle.program} of the hub; this is {__version__}. Upgrade it."
        )
    memory = machine.memory_bytes()
    if memory is not None and bundle.memory > MOST_OF_MEMORY * memory:
        raise BundleRefused(
            f"{bundle.title} needs {_gib(bundle.memory)} of memory, and this machine has {_gib(memory)}, of "
            "which some is left to the rest. Choose a smaller one."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(folder).free
    if bundle.bytes + _SPARE > free:
        raise BundleRefused(
            f"{bundle.title} needs {_gib(bundle.bytes)}, and {_gib(free)} are free on the disk of {folder}."
        )


def works(folder: Path, bundle: Bundle) -> None:
    """Every file is as signed already; now it is used. Raises BundleRefused or ModelError."""
    _WORKS[bundle.kind](folder, bundle)


def _set(folder: Path, _bundle: Bundle) -> None:
    sets.check_set(folder)
    sets.try_out(folder)


def _search(folder: Path, _bundle: Bundle) -> None:
    check_folder(folder)
    encoder = Encoder(folder, tap="")
    try:
        vectors = encoder.encode(_SAMPLES)
    except ValueError as error:
        raise ModelMissing(unusable(folder / ENCODER_FILE)) from error
    lengths = np.linalg.norm(vectors, axis=1)
    if vectors.shape != (len(_SAMPLES), WIDTH) or not np.allclose(lengths, 1, atol=1e-3):
        raise ModelMissing(unusable(folder / ENCODER_FILE, "its vectors are not of length 1"))


def _llm(folder: Path, bundle: Bundle) -> None:
    if len(bundle.files) != 1:
        raise BundleRefused(
            f"{bundle.title} has {len(bundle.files)} files; a language model is one GGUF file."
        )
    file = folder / next(iter(bundle.files))
    llama_trial.check(file)
    told = bundle.templates.get("chat")
    if told is not None and told != read_header(file).facts["tokenizer.chat_template"]:
        raise BundleRefused(f"The chat template of {bundle.title} is another one than its file has.")


_WORKS: dict[Kind, Callable[[Path, Bundle], None]] = {"set": _set, "search": _search, "llm": _llm}


def _gib(count: float) -> str:
    return f"{count / 2**30:.1f} GiB"
