"""Tells how likely a passage is to answer: words near in meaning, and the weight of what speaks for it."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from socialai.errors import ModelMissing
from socialai.inference.manifest import read_manifest
from socialai.resources import resource

FILE = "answering.npz"
PRODUCT, DIFFERENCE = 20.0, 5.0
"""What brings both to the size of 1."""
FULL = 10.0

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


RELATION = ("turn", "likeness", "hidden", "hidden_bias", "out", "bias")


class Relation:
    """A small net over the vectors of a question and of a sentence: the turned question's likeness to it, and
    what their products and differences tell."""

    def __init__(
        self, turn: Floats, likeness: Floats, hidden: Floats, hidden_bias: Floats, out: Floats, bias: Floats
    ) -> None:
        self._turn, self._likeness = turn, likeness
        self._hidden, self._hidden_bias, self._out, self._bias = hidden, hidden_bias, out, bias

    def of(self, question: Floats, sentences: Floats) -> Floats:
        alike = sentences @ (self._turn @ question)
        pairs = np.hstack([PRODUCT * question * sentences, DIFFERENCE * np.abs(question - sentences)])
        seen = np.maximum(pairs @ self._hidden + self._hidden_bias, 0) @ self._out
        score: Floats = seen + self._bias + self._likeness * alike
        return score / FULL


class AnsweringModel:
    """What `models/recipes/answering.py` made. `common` is how little an everyday word says, 0…1."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        self.version = f"{manifest.name}@{manifest.files[FILE].sha256[:12]}"
        arrays = _load_arrays(folder / FILE)
        self._place_of = {word: place for place, word in enumerate(arrays["words"].tolist())}
        near = arrays["near"].astype(np.float32)
        self._near: Floats = near / np.linalg.norm(near, axis=1, keepdims=True)
        self.common = dict(zip(arrays["common"].tolist(), arrays["tells"].tolist(), strict=True))
        self.names = tuple(arrays["names"].tolist())
        self._weights: Numbers = arrays["weights"].astype(np.float64)
        self._relation = Relation(*(arrays[name].astype(np.float32) for name in RELATION))

    def places(self, words: Iterable[str]) -> Places:
        """Of those words it knows."""
        return np.array([self._place_of[word] for word in words if word in self._place_of], np.int64)

    def vectors(self, places: Places) -> Floats:
        """Unit length; the nearer two words are in meaning, the nearer are their vectors."""
        found: Floats = self._near[places]
        return found

    def answers(self, question: Floats, sentences: Floats) -> Floats:
        """How far each sentence answers, by the vectors alone; one a row, about 0.5 where it may."""
        return self._relation.of(question, sentences)

    def chances(self, features: Numbers) -> Numbers:
        """One a row, in the order of `names`."""
        chances: Numbers = 1 / (1 + np.exp(-(features @ self._weights[:-1] + self._weights[-1])))
        return chances


@cache
def answering_model() -> AnsweringModel:
    """The embedded one; read when a question is first looked up."""
    return AnsweringModel(resource("models", "answering"))


def _load_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"The model file {path} is missing or damaged; restore it from the release."
        ) from error
