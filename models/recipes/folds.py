"""Which examples are kept out together, so that no fold is asked what it was taught."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .examples import Example
from .states import Floats

FOLDS = 5
ALIKE = 0.9
ALWAYS, NEVER_TAUGHT, ALL_TAUGHT = -1, -2, -3
VIDEOS = ("01-Psy", "02-KatyPerry", "03-LMFAO", "04-Eminem", "05-Shakira")

Places = NDArray[np.int64]


def folds_of(examples: Sequence[Example]) -> Places:
    """Of each example the fold that keeps it out; ALWAYS when none does, NEVER_TAUGHT when all do."""
    return np.array([fold_of(example) for example in examples], np.int64)


def fold_of(example: Example) -> int:
    if example.source == "youtube_spam":
        return VIDEOS.index(example.group)
    chance = zlib.crc32((example.group or example.text).encode("utf-8", "replace"))
    if example.source in ("own", "sms_spam"):
        return chance % FOLDS
    return NEVER_TAUGHT if example.source == "email" and chance % 8 == 0 else ALWAYS


def grouped(examples: Sequence[Example], vectors: Floats) -> list[Example]:
    """Messages of nearly the same meaning share a group."""
    first = np.arange(len(examples))
    for row in range(1, len(examples)):
        near = np.flatnonzero(vectors[:row] @ vectors[row] > ALIKE)
        if len(near):
            first[row] = first[near[0]]
    return [example._replace(group=examples[at].text) for example, at in zip(examples, first, strict=True)]


def unlike(examples: Sequence[Example], vectors: Floats, others: Floats, most: float = 0.85) -> list[Example]:
    """Without those that are close to one that shall stay unknown."""
    nearest = (vectors @ others.T).max(axis=1)
    return [example for example, near in zip(examples, nearest, strict=True) if near <= most]
