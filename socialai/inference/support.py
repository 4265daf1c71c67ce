"""Does the knowledge say a sentence of a reply? A small trained judge over how both agree."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from socialai.domain.support import Candidate, Judgement
from socialai.errors import ModelMissing
from socialai.inference.link import Floats, Linker
from socialai.inference.manifest import read_manifest

SAYS_LEAST, SAYS_MOST = 30, 6000
"""Ranks among all words: the commoner say nothing, the rarer all the same."""
LEAST = 0.03
ENOUGH = 0.5
OPPOSITE = "negation"
CONTRADICTED = 0.3
"""What is left of the support of a sentence that says something else than its evidence does."""


class SupportModel:
    """What `models/recipes/support.py` trained. It belongs to the figures of `link.py`, not to an encoder."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        self.version = f"{manifest.name}@{manifest.files['head.npz'].sha256[:12]}"
        arrays = _load(folder / "head.npz")
        self._linker = Linker(weigher(arrays["words"].tolist()))
        self._layers = [arrays[name].astype(np.float64) for name in ("mean", "scale", "w1", "b1", "w2", "b2")]

    def judge(self, claim: str, candidates: Sequence[Candidate]) -> Judgement:
        """Without a candidate nothing supports it."""
        if not candidates:
            return Judgement(None, 0.0)
        link = self._linker.link(claim, candidates)
        support = float(chances(self._layers, link.figures[None, :])[0])
        exact = tuple(doubt for doubt in link.doubts if not doubt.startswith(OPPOSITE))
        support = round(support * CONTRADICTED if exact else support, 4)
        return Judgement(link.place, support, link.doubts if support < ENOUGH else exact)


def chances(layers: Sequence[Floats], figures: Floats) -> Floats:
    """0…1, one a row."""
    mean, scale, w1, b1, w2, b2 = layers
    hidden = np.tanh((figures - mean) / scale @ w1 + b1)
    out: Floats = 1 / (1 + np.exp(-(hidden @ w2 + b2)[:, 0]))
    return out


def weigher(words: Sequence[str]) -> Callable[[str], float]:
    """`words` are the commonest first; one that is not among them is rare."""
    span = np.log(SAYS_MOST / SAYS_LEAST)
    ranks = np.arange(1, len(words) + 1)
    weights = np.clip(np.log(ranks / SAYS_LEAST) / span, LEAST, 1.0).tolist()
    known = dict(zip(map(str, words), weights, strict=True))
    return lambda word: known.get(word, 1.0)


def _load(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"The model file {path} is missing or damaged; restore it from the release."
        ) from error
