"""A small knowledge held in memory, where a question is looked up in a tenth of the time."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from socialai.knowledge.shelf import Closeness, Numbers, Vector, stacked, starts_of
from socialai.knowledge.words import plain_words, repaired
from socialai.store.chunks import StoredChunk

_MOST_WORDS = 2048
_MOST_MEASURED = 128


class _Word(Struct, frozen=True):
    """The places of the chunks that have it, and their BM25 for it alone."""

    places: Numbers
    scores: Numbers


class MemoryShelf:
    """The knowledge as it was when read; words are looked up in the file when they are first asked for."""

    def __init__(
        self,
        found: Sequence[StoredChunk],
        vectors: Sequence[bytes],
        look_up: Callable[[str], Mapping[int, float]],
    ) -> None:
        self._chunks = found
        self._ids = np.array([chunk.id for chunk in found], np.int64)
        self._place_of = {chunk.id: place for place, chunk in enumerate(found)}
        self._rows, self._sizes = stacked(vectors)
        self._starts = starts_of(self._sizes)
        self._look_up = look_up
        self._words: dict[str, _Word] = {}
        self._measured: dict[bytes, Numbers] = {}
        self._repaired: dict[str, str] = {}

    def count(self) -> int:
        return len(self._ids)

    def measure(self, vectors: Vector) -> None:
        """What will be asked for: one product for many costs a fraction of one for each."""
        if len(self._measured) + len(vectors) > _MOST_MEASURED:
            self._measured = {}
        for vector, cosines in zip(vectors, vectors @ self._rows.T, strict=True):
            self._measured[vector.tobytes()] = cosines

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        cosines = self._cosines(self._starts, vector)
        best = np.argpartition(-cosines, limit)[:limit] if len(cosines) > limit else slice(None)
        nearest: list[int] = self._ids[best].tolist()
        return nearest

    def matching(self, words: Sequence[str], limit: int) -> dict[int, float]:
        """The BM25 of several words is the sum of theirs."""
        scores = np.zeros(len(self._ids))
        for word in words:
            known = self._word(word)
            scores[known.places] += known.scores
        found = np.flatnonzero(scores)
        best = found[np.lexsort((found, -scores[found]))[:limit]]
        return dict(zip(self._ids[best].tolist(), scores[best].tolist(), strict=True))

    def spread(self, word: str, chunk_id: int) -> tuple[int, bool]:
        places = self._word(word).places
        return len(places), bool((places == self._place_of[chunk_id]).any())

    def known(self, word: str) -> str:
        if len(self._word(word).places):
            return word
        if word not in self._repaired:
            if len(self._repaired) >= _MOST_WORDS:
                self._repaired.clear()
            self._repaired[word] = repaired(word, self._vocabulary) or word
        return self._repaired[word]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset[str]().union(*map(_words_of, self._chunks))

    def closeness(self, ids: Sequence[int], vector: Vector) -> Closeness:
        places = np.array([self._place_of[chunk_id] for chunk_id in sorted(ids)], np.int64)
        sizes = self._sizes[places]
        starts = starts_of(sizes)
        rows = np.arange(sizes.sum()) + np.repeat(self._starts[places] - starts, sizes)
        return Closeness(self._ids[places].tolist(), self._cosines(rows, vector), starts)

    def rows(self, ids: Sequence[int]) -> list[Vector]:
        places = [self._place_of[chunk_id] for chunk_id in ids]
        return [self._rows[self._starts[at] : self._starts[at] + self._sizes[at]] for at in places]

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        return [self._chunks[self._place_of[chunk_id]] for chunk_id in ids]

    def _cosines(self, rows: Numbers, vector: Vector) -> Numbers:
        measured = self._measured.get(vector.tobytes())
        return self._rows[rows] @ vector if measured is None else measured[rows]

    def _word(self, word: str) -> _Word:
        known = self._words.get(word)
        if known is None:
            # The file may have changed since; what came new is on the next shelf.
            found = {id_: score for id_, score in self._look_up(word).items() if id_ in self._place_of}
            places = np.array([self._place_of[id_] for id_ in found], np.int64)
            known = _Word(places, np.array(list(found.values()), np.float64))
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            self._words[word] = known
        return known


def _words_of(chunk: StoredChunk) -> frozenset[str]:
    return plain_words(f"{chunk.title} {chunk.heading} {chunk.question or ''} {chunk.text}")
