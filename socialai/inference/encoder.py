"""Texts to sentence vectors with the embedded int8 MiniLM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from socialai.errors import ModelMissing
from socialai.inference.manifest import ENCODER_FILE, encoder_version, unusable
from socialai.inference.session import load_session
from socialai.inference.surface import in_words

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

WIDTH = 384
MAX_TOKENS = 256
MAX_LETTERS = 8 * MAX_TOKENS  # more is cut anyway; the tokenizer need not read a megabyte
BATCH_TOKENS = 256  # a batch this big stays in the processor's cache
MOST_PADDED = 4  # tokens a text: a padded one costs as much as a real one
TAP = "layer_norm_8"
"""What comes out of the fourth of the six layers: the triage goes its own way from there."""

Floats = NDArray[np.float32]


class Batch(NamedTuple):
    """Texts of like length, worked together: row n is the text at `places[n]`.

    `mask` is 1 where a token is, `states` (n, tokens, 384) what the fourth layer made of it.
    """

    places: list[int]
    mask: NDArray[np.int64]
    vectors: Floats
    states: Floats

    def take(self, rows: list[int]) -> Batch:
        if len(rows) == len(self.places):
            return self
        return Batch(
            [self.places[row] for row in rows], self.mask[rows], self.vectors[rows], self.states[rows]
        )


class Encoder:
    """`version` names the exact weights; keep it beside every vector.

    Where `tap` is empty there are no states: nobody but our own triage needs them.
    """

    def __init__(self, folder: Path, threads: int = 1, tap: str = TAP) -> None:
        self.version = encoder_version(folder)
        self._tokenizer = _load_tokenizer(folder / "tokenizer.json")
        self._session = load_session(folder / ENCODER_FILE, threads, also=tap)
        self._outputs = ["vectors", tap] if tap else ["vectors"]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (n, 384), unit length, in the order of `texts`; a text is read up to 256 tokens."""
        vectors = np.empty((len(texts), WIDTH), np.float32)
        for batch in self.read(texts):
            vectors[batch.places] = batch.vectors
        return vectors

    def read(self, texts: Sequence[str]) -> Iterator[Batch]:
        """All texts, each in one batch."""
        encodings = self._tokenizer.encode_batch_fast([_clean(text) for text in texts])
        for places in _batches([len(encoding.ids) for encoding in encodings]):
            yield self._run(places, [encodings[place] for place in places])

    def _run(self, places: list[int], encodings: list[Encoding]) -> Batch:
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            size = len(encoding.ids)
            ids[row, :size] = encoding.ids
            mask[row, :size] = 1
        found = self._session.run(self._outputs, {"input_ids": ids, "attention_mask": mask})
        return Batch(places, mask, found[0], found[-1])


def _clean(text: str) -> str:
    """Half a surrogate pair is no Unicode text; the tokenizer would refuse it."""
    return in_words(text[:MAX_LETTERS].encode("utf-8", "replace").decode("utf-8"))


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
        raise ModelMissing(unusable(path, "it is missing or damaged")) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer
