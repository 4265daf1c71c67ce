"""Where search looks: in the tenant's file or, for a small knowledge, in memory. Both find the same."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from socialai.knowledge.index import WIDTH
from socialai.store import chunks
from socialai.store.chunks import StoredChunk

Vector = NDArray[np.float32]
Numbers = NDArray[Any]


class Closeness(NamedTuple):
    """Chunk ids in order, and for each the cosines of its whole, its sentences and its question."""

    ids: Sequence[int]
    cosines: Numbers
    starts: Numbers


class Shelf(Protocol):
    def count(self) -> int:
        """Of chunks."""

    def nearest(self, vector: Vector, limit: int) -> Sequence[int]:
        """Ids of the chunks closest to a vector of unit length."""

    def matching(self, words: Sequence[str], limit: int) -> Mapping[int, float]:
        """Chunk id → BM25 (more is better) of the best for any of the words, best first."""

    def spread(self, word: str, chunk_id: int) -> tuple[int, bool]:
        """In how many chunks a word is found, and whether in this one."""

    def known(self, word: str) -> str:
        """The word, or the one of this knowledge that was meant by it."""

    def closeness(self, ids: Sequence[int], vector: Vector) -> Closeness:
        """Of these chunks to a vector of unit length."""

    def rows(self, ids: Sequence[int]) -> Sequence[Vector]:
        """All vectors of each of these chunks, in the order of `ids`."""

    def chunks(self, ids: Sequence[int]) -> Sequence[StoredChunk]: ...


def fts_query(words: Sequence[str]) -> str:
    """Any of the words. Quoted, none of them can be an operator; a quote is no part of a term."""
    return " OR ".join(f'"{word}"' for word in words)


class FileShelf:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def count(self) -> int:
        return chunks.count(self._db)

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        return chunks.nearest(self._db, np.ascontiguousarray(vector, np.float32).tobytes(), limit)

    def matching(self, words: Sequence[str], limit: int) -> dict[int, float]:
        return chunks.matching(self._db, fts_query(words), limit)

    def spread(self, word: str, chunk_id: int) -> tuple[int, bool]:
        return chunks.spread(self._db, fts_query([word]), chunk_id)

    def known(self, word: str) -> str:
        """As it is: a knowledge this large has most slips of the pen in it."""
        return word

    def closeness(self, ids: Sequence[int], vector: Vector) -> Closeness:
        found = chunks.vectors(self._db, ids)
        rows, sizes = stacked([blob for _, blob in found])
        return Closeness([chunk_id for chunk_id, _ in found], rows @ vector, starts_of(sizes))

    def rows(self, ids: Sequence[int]) -> list[Vector]:
        found = dict(chunks.vectors(self._db, ids))
        return [stacked([found[chunk_id]])[0] for chunk_id in ids]

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        return chunks.chunks(self._db, ids)


def stacked(vectors: Sequence[bytes]) -> tuple[Vector, Numbers]:
    """All of them under each other, and how many are each chunk's."""
    sizes = np.array([len(blob) // (4 * WIDTH) for blob in vectors], np.int64)
    return np.frombuffer(b"".join(vectors), np.float32).reshape(-1, WIDTH), sizes


def starts_of(sizes: Numbers) -> Numbers:
    return np.cumsum(sizes) - sizes
