"""The words of texts as numbers: each word, and each two that follow each other, is counted in a bucket."""

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

BUCKETS = 8192
_MAX_LETTERS = 2000
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


class WordHash(Struct):
    """A sparse matrix with a row of length 1 a text: `places` are the columns of row after row, `counts` how
    many each has."""

    places: Places
    counts: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> "WordHash":
        found = [buckets(text) for text in texts]
        return cls(
            np.array([place for one in found for place in one], np.int64),
            np.array([len(one) for one in found], np.int64),
        )

    def take(self, rows: Places) -> "WordHash":
        ends = np.cumsum(self.counts)
        parts = [self.places[ends[row] - self.counts[row] : ends[row]] for row in rows]
        return WordHash(np.concatenate([np.empty(0, np.int64), *parts]), self.counts[rows])

    def times(self, columns: Floats) -> Floats:
        """The product with a matrix of BUCKETS rows."""
        out = np.empty((len(self.counts), columns.shape[1]), np.float32)
        ends = np.cumsum(self.counts)
        for row, (start, end) in enumerate(zip(ends - self.counts, ends, strict=True)):
            out[row] = columns[self.places[start:end]].sum(axis=0)  # one at a time stays in the cache
        return out * self._worth()[:, None]

    def times_transposed(self, rows: Floats) -> Floats:
        """The product of this matrix turned over with a matrix of a row a text: shape (BUCKETS, …)."""
        out = np.zeros((BUCKETS, rows.shape[1]), np.float32)
        worth = (rows * self._worth()[:, None])[np.repeat(np.arange(len(rows)), self.counts)]
        np.add.at(out, self.places, worth)
        return out

    def shared(self, other: "WordHash") -> Floats:
        """For each text here and each there how much of their words is the same, 0…1."""
        used, place = np.unique(other.places, return_inverse=True)
        dense = np.zeros((len(other.counts), len(used)), np.float32)
        row_of = np.repeat(np.arange(len(other.counts)), other.counts)
        dense[row_of, place] = other._worth()[row_of]
        columns = np.zeros((BUCKETS, len(other.counts)), np.float32)
        columns[used] = dense.T
        return self.times(columns)

    def _worth(self) -> Floats:
        return (1 / np.sqrt(np.maximum(self.counts, 1))).astype(np.float32)


def buckets(text: str) -> list[int]:
    """Each place once, in order."""
    words = _TOKEN.findall(text[:_MAX_LETTERS].lower())
    grams = {*words, *(f"{one} {other}" for one, other in pairwise(words))}
    return sorted({zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in grams})
