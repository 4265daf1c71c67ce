"""Texts to sentence vectors with the embedded int8 MiniLM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from socialai.errors import ModelMissing
from socialai.inference.manifest import read_manifest

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

WIDTH = 384
MAX_TOKENS = 256
MAX_LETTERS = 8 * MAX_TOKENS  # more is cut anyway; the tokenizer need not read a megabyte
BATCH_TOKENS = 256  # a batch this big stays in the processor's cache
MOST_PADDED = 4  # tokens a text: a padded one costs as much as a real one


class Encoder:
    """`version` names the exact weights; keep it beside every vector."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        manifest = read_manifest(folder)
        self.version = f"{manifest.name}@{manifest.files['model.onnx'].sha256[:12]}"
        self._tokenizer = _load_tokenizer(folder / "tokenizer.json")
        self._session = _load_session(folder / "model.onnx", threads)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, 384), unit length, in the order of `texts`; a text is read up to 256 tokens."""
        vectors = np.empty((len(texts), WIDTH), np.float32)
        encodings = self._tokenizer.encode_batch_fast([_clean(text) for text in texts])
        for places in _batches([len(encoding.ids) for encoding in encodings]):
            vectors[places] = self._run([encodings[place] for place in places])
        return vectors

    def _run(self, encodings: list[Encoding]) -> NDArray[np.float32]:
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            size = len(encoding.ids)
            ids[row, :size] = encoding.ids
            mask[row, :size] = 1
        vectors: NDArray[np.float32] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def _clean(text: str) -> str:
    """Half a surrogate pair is no Unicode text; the tokenizer would refuse it."""
    return text[:MAX_LETTERS].encode("utf-8", "replace").decode("utf-8")


def _batches(lengths: list[int]) -> list[list[int]]:
    """Places of texts of like length, so that little is padded."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        last, size = batches[-1] if batches else [], lengths[place]
        fits = last and (len(last) + 1) * size <= BATCH_TOKENS
        if fits and size - lengths[last[0]] <= MOST_PADDED:
            last.append(place)
        else:
            batches.append([place])
    return batches


def _load_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise _missing(path) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _load_session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    # Waiting threads that spin take the processor from the rest of the program.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise _missing(path) from error


def _missing(path: Path) -> ModelMissing:
    return ModelMissing(f"The model file {path} is missing or damaged; restore it from the release.")
