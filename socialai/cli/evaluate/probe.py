"""Logistic regression over sentence vectors: the usual way to judge a frozen encoder."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Places = NDArray[np.int64]

STRENGTH = 10.0  # what others call C
STEPS = 150
MEMORY = 8
SHRINKS = 0.5 ** np.arange(12)


class Probe:
    """Learns classes 0…n from rows of vectors, with an L2 penalty on all but the bias."""

    def __init__(self, vectors: Vectors, truth: Places) -> None:
        self._weights = _minimise(_Loss(_with_bias(vectors), truth))

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


def _minimise(loss: _Loss) -> Floats:
    """L-BFGS with halving steps."""
    weights = np.zeros(loss.shape)
    value, slope = loss(weights)
    pairs: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    for _ in range(STEPS):
        way = _direction(slope, pairs)
        for size in SHRINKS:
            new_value, new_slope = loss(weights + size * way)
            if new_value < value + 1e-4 * size * float((way * slope).sum()):
                break
        else:
            return weights
        pairs.append((size * way, new_slope - slope))
        weights, gain = weights + size * way, value - new_value
        value, slope = new_value, new_slope
        if gain < 1e-7:
            break
    return weights


def _direction(slope: Floats, pairs: deque[tuple[Floats, Floats]]) -> Floats:
    """Down the slope, bent by what the last steps told of its curve."""
    way = -slope
    shares = []
    for step, change in reversed(pairs):
        share = float((step * way).sum()) / float((step * change).sum())
        way = way - share * change
        shares.append(share)
    if pairs:
        step, change = pairs[-1]
        way = way * float((step * change).sum()) / float((change**2).sum())
    for (step, change), share in zip(pairs, reversed(shares), strict=True):
        way = way + step * (share - float((change * way).sum()) / float((step * change).sum()))
    return way


def _with_bias(vectors: Vectors) -> Vectors:
    return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])


def _softmax(values: NDArray[np.floating]) -> Floats:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    out: Floats = powers / powers.sum(axis=1, keepdims=True)
    return out
