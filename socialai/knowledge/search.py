"""Hybrid search: closeness of meaning (vectors) and of words (BM25), fused by score.

Candidates come from both; each is then measured by its closest sentence too, which finds one fact in a long
passage. BM25 has no scale of its own: it is divided by the best one found, and counts as much as that best
chunk holds of what is asked, so that one shared common word is not taken for an answer.
"""

import math
import re
import sqlite3
from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np
from msgspec import Struct

from socialai.domain.knowledge import Hit, Sentence
from socialai.knowledge.shelf import Closeness, FileShelf, Shelf, Vector
from socialai.knowledge.stop_words import STOP_WORDS
from socialai.store.chunks import StoredChunk

CANDIDATES = 50
_MOST_CANDIDATES = 4096  # sqlite-vec gives no more
MAX_TERMS = 24
LEXICAL_WEIGHT = 0.4
"""Chosen on 2,000 SQuAD questions that are not among those reported by `socialai eval`."""

_TERM = re.compile(r"[^\W_]+")


class _Measured(Struct, frozen=True):
    """A candidate; `closeness` of its whole, each sentence and its question."""

    chunk_id: int
    score: float
    cosine: float
    lexical: float
    closeness: Any


def search(
    db: sqlite3.Connection,
    question: str,
    vector: Vector,
    limit: int = 6,
    hidden: Set[int] = frozenset(),
) -> list[Hit]:
    """The best first; `vector` is the question's, unit length. A question without a word finds nothing.

    `hidden` chunks are not found: those of articles that are not valid now.
    """
    return search_on(FileShelf(db), question, vector, limit, hidden)


def search_on(
    shelf: Shelf, question: str, vector: Vector, limit: int = 6, hidden: Set[int] = frozenset()
) -> list[Hit]:
    asked = terms(question)
    if not asked or limit < 1:
        return []
    wanted = min(CANDIDATES + len(hidden), _MOST_CANDIDATES)
    lexical = _lexical(shelf, asked, wanted)
    candidates = list({*shelf.nearest(vector, wanted), *lexical} - hidden)
    if not candidates:
        return []
    best = _best(shelf.closeness(candidates, vector), lexical, limit)
    found = {chunk.id: chunk for chunk in shelf.chunks([one.chunk_id for one in best])}
    return [_hit(found[one.chunk_id], one) for one in best]


def terms(question: str) -> list[str]:
    """Its words once each, without those that say nothing; all of them when it has no others."""
    words = list(dict.fromkeys(_TERM.findall(question.lower())))
    return ([word for word in words if word not in STOP_WORDS] or words)[:MAX_TERMS]


def _lexical(shelf: Shelf, asked: Sequence[str], wanted: int) -> dict[int, float]:
    """Chunk id → 0…1."""
    scores = shelf.matching(asked, wanted)
    if not scores:
        return {}
    best = next(iter(scores))
    share = _share(shelf, asked, best) / max(scores[best], 1e-9)
    return {chunk_id: min(1.0, score * share) for chunk_id, score in scores.items()}


def _share(shelf: Shelf, asked: Sequence[str], chunk_id: int) -> float:
    """How much of what is asked the chunk holds, a rare word counting for more."""
    total = shelf.count()
    held = missed = 0.0
    for word in asked:
        found, here = shelf.spread(word, chunk_id)
        weight = math.log1p((total - found + 0.5) / (found + 0.5))
        held, missed = (held + weight, missed) if here else (held, missed + weight)
    return held / (held + missed)


def _best(measured: Closeness, lexical: Mapping[int, float], limit: int) -> list[_Measured]:
    """Each is as close as its whole, its closest sentence or its question is. In whole arrays: there are
    many candidates, and only the few best are worth a look each."""
    ids, rows, starts = measured
    cosines = np.minimum(np.maximum.reduceat(rows, starts), 1.0).astype(np.float64)
    words = np.array([lexical.get(chunk_id, 0.0) for chunk_id in ids])
    scores = np.maximum(0.0, (1 - LEXICAL_WEIGHT) * cosines + LEXICAL_WEIGHT * words)
    ends = [*starts[1:].tolist(), len(rows)]
    return [
        _Measured(
            ids[place],
            float(scores[place]),
            float(cosines[place]),
            float(words[place]),
            rows[starts[place] : ends[place]],
        )
        for place in np.argsort(-scores, kind="stable")[:limit].tolist()
    ]


def _hit(chunk: StoredChunk, measured: _Measured) -> Hit:
    return Hit(
        article_id=chunk.article_id,
        chunk_id=chunk.id,
        title=chunk.title,
        heading=chunk.heading,
        text=chunk.text,
        question=chunk.question,
        score=measured.score,
        cosine=measured.cosine,
        lexical=measured.lexical,
        sentences=tuple(map(Sentence, chunk.sentences, measured.closeness[1:].tolist())),
    )
