"""What the shipped encoder's fourth layer makes of texts, computed once and kept on disk."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from socialai.inference.encoder import TAP, Encoder
from socialai.inference.surface import surface

MOST_TOKENS = 128
BLOCK = 4096

Floats = NDArray[np.float32]


class States(NamedTuple):
    """The tokens of text n are `tokens[starts[n]:starts[n + 1]]`."""

    tokens: NDArray[np.float16]
    starts: NDArray[np.int64]
    vectors: Floats
    surfaces: Floats


def states_of(encoder: Encoder, sets: Sequence[Sequence[str]], cache: Path) -> States:
    """Of all texts of the sets. Each set is kept apart, so that another one may change."""
    pieces = [texts[start : start + BLOCK] for texts in sets for start in range(0, len(texts), BLOCK)]
    blocks = [block(encoder, piece, cache) for piece in pieces]
    lengths = np.concatenate([lengths for _, lengths, _ in blocks])
    return States(
        np.concatenate([tokens for tokens, _, _ in blocks]),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([vectors for _, _, vectors in blocks]),
        np.array([surface(text) for texts in sets for text in texts], np.float32),
    )


def block(
    encoder: Encoder, texts: Sequence[str], cache: Path
) -> tuple[NDArray[np.float16], NDArray[np.int64], Floats]:
    """Read from `cache` when these texts were met before: a run that was stopped goes on there."""
    key = hashlib.sha256(json.dumps([encoder.version, TAP, list(texts)]).encode()).hexdigest()[:24]
    path = cache / f"{key}.npz"
    if not path.exists():
        tokens, lengths, vectors = compute(encoder, texts)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, tokens=tokens, lengths=lengths, vectors=vectors)
        unfinished.replace(path)
    with np.load(path) as kept:
        return kept["tokens"], kept["lengths"], kept["vectors"]


def compute(encoder: Encoder, texts: Sequence[str]) -> tuple[NDArray[np.float16], NDArray[np.int64], Floats]:
    found: dict[int, NDArray[np.float16]] = {}
    vectors = np.empty((len(texts), 384), np.float32)
    for batch in encoder.read(texts):
        vectors[batch.places] = batch.vectors
        lengths = np.minimum(batch.mask.sum(axis=1), MOST_TOKENS)
        for place, states, length in zip(batch.places, batch.states, lengths, strict=True):
            found[place] = states[:length].astype(np.float16)
    ordered = [found[place] for place in range(len(texts))]
    return np.concatenate(ordered), np.array([len(one) for one in ordered]), vectors
