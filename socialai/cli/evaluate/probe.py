"""Logistic regression over sentence vectors: the usual way to judge a frozen encoder."""

import numpy as np
from numpy.typing import NDArray

from socialai.inference.minimise import minimise

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Places = NDArray[np.int64]

STRENGTH = 10.0  # what others call C
STEPS = 150


class Probe:
    """Learns classes 0…n from rows of vectors, with an L2 penalty on all but the bias."""

    def __init__(self, vectors: Vectors, truth: Places) -> None:
        loss = _Loss(_with_bias(vectors), truth)
        self._weights = minimise(loss, np.zeros(loss.shape), STEPS)

    def chances(self, vectors: Vectors) -> Floats:
        return _softmax(_with_bias(vectors) @ self._weights)

    def places(self, vectors: Vectors) -> Places:
        found: Places = self.chances(vectors).argmax(axis=1)
        return found


class _Loss:
    def __init__(self, x: Vectors, truth: Places) -> None:
        self._x = x
        self._truth = truth
        self._rows = np.arange(len(x))
        self.shape = (x.shape[1], int(truth.max()) + 1)

    def __call__(self, weights: Floats) -> tuple[float, Floats]:
        """The loss a row and its slope."""
        chances = _softmax(self._x @ weights.astype(np.float32))
        loss = -np.log(chances[self._rows, self._truth] + 1e-12).mean()
        chances[self._rows, self._truth] -= 1
        held = weights.copy()
        held[-1] = 0
        penalty = 1 / (STRENGTH * len(self._x))
        slope = (self._x.T @ chances).astype(np.float64) / len(self._x) + penalty * held
        return float(loss) + penalty * float((held**2).sum()) / 2, slope


def _with_bias(vectors: Vectors) -> Vectors:
    return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])


def _softmax(values: NDArray[np.floating]) -> Floats:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    out: Floats = powers / powers.sum(axis=1, keepdims=True)
    return out
