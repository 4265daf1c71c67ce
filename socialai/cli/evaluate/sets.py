"""Rows of data sets, and how good and bad are counted."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from socialai.resources import resource

Row = dict[str, Any]
Places = NDArray[np.int64]
Truths = NDArray[np.bool_]
Chances = NDArray[np.float32]


def read_own(name: str) -> list[Row]:
    lines = resource("models", "recipes", name).read_bytes().splitlines()
    return [msgspec.json.decode(line) for line in lines]


def places(values: Sequence[Any], order: Sequence[Any]) -> Places:
    known = {value: place for place, value in enumerate(order)}
    return np.array([known[value] for value in values], np.int64)


def accuracy(said: Places, truth: Places) -> float:
    return 100 * float((said == truth).mean())


def macro_recall(said: Places, truth: Places) -> float:
    """The mean over the classes of how many of each were found."""
    return 100 * float(np.mean([(said[truth == kind] == kind).mean() for kind in np.unique(truth)]))


def f1(said: Places | Truths, truth: Places | Truths) -> float:
    """Of class 1."""
    both = int(((said == 1) & (truth == 1)).sum())
    return 100 * 2 * both / max(1, int((said == 1).sum() + (truth == 1).sum()))


def calibration_error(confidence: Chances, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from accuracy, over equal bins of confidence."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [(confidence - right)[bin_of == place].sum() for place in range(bins)]
    return float(np.abs(gaps).sum() / len(right))


def area(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """AUROC: how often one of `higher` is above one of `lower`; None when there is none of one kind."""
    if not higher or not lower:
        return None
    above = np.subtract.outer(np.array(higher), np.array(lower))
    return float(np.mean((above > 0) + 0.5 * (above == 0)))
