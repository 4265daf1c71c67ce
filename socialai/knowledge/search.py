"""Hybrid search: closeness of meaning (vectors) and of words (BM25), fused by score.

Candidates come from both; each is then measured by its closest sentence too, which finds one fact in a long
passage. BM25 has no scale of its own: it is divided by the best one found, and counts as much as that best
chunk holds of what is asked, so that one shared common word is not taken for an answer.
"""

import math
import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.domain.knowledge import Hit, Sentence
from socialai.knowledge.index import WIDTH
from socialai.knowledge.stop_words import STOP_WORDS
from socialai.store import chunks
from socialai.store.chunks import StoredChunk

Vector = NDArray[np.float32]

CANDIDATES = 50
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


def search(db: sqlite3.Connection, question: str, vector: Vector, limit: int = 6) -> list[Hit]:
    """The best first; `vector` is the question's, unit length. A question without a word finds nothing."""
    asked = terms(question)
    if not asked or limit < 1:
        return []
    near = chunks.nearest(db, np.ascontiguousarray(vector, np.float32).tobytes(), CANDIDATES)
    lexical = _lexical(db, asked)
    measured = _measure(chunks.vectors(db, list({*near, *lexical})), vector, lexical)
    best = sorted(measured, key=lambda one: (-one.score, one.chunk_id))[:limit]
    found = {chunk.id: chunk for chunk in chunks.chunks(db, [one.chunk_id for one in best])}
    return [_hit(found[one.chunk_id], one) for one in best]


def terms(question: str) -> list[str]:
    """Its words once each, without those that say nothing; all of them when it has no others."""
    words = list(dict.fromkeys(_TERM.findall(question.lower())))
    return ([word for word in words if word not in STOP_WORDS] or words)[:MAX_TERMS]


def fts_query(words: Sequence[str]) -> str:
    """Any of the words. Quoted, none of them can be an operator; a quote is no part of a term."""
    return " OR ".join(f'"{word}"' for word in words)


def _lexical(db: sqlite3.Connection, asked: Sequence[str]) -> dict[int, float]:
    """Chunk id → 0…1."""
    scores = chunks.matching(db, fts_query(asked), CANDIDATES)
    if not scores:
        return {}
    best = next(iter(scores))
    share = _share(db, asked, best) / max(scores[best], 1e-9)
    return {chunk_id: min(1.0, score * share) for chunk_id, score in scores.items()}


def _share(db: sqlite3.Connection, asked: Sequence[str], chunk_id: int) -> float:
    """How much of what is asked the chunk holds, a rare word counting for more."""
    total = chunks.count(db)
    held = missed = 0.0
    for word in asked:
        found, here = chunks.spread(db, fts_query([word]), chunk_id)
        weight = math.log1p((total - found + 0.5) / (found + 0.5))
        held, missed = (held + weight, missed) if here else (held, missed + weight)
    return held / (held + missed)


def _measure(
    vectors: Sequence[tuple[int, bytes]], vector: Vector, lexical: Mapping[int, float]
) -> list[_Measured]:
    """Each as close as its whole, its closest sentence or its question is. All in one product: there are
    many candidates, and only the few best are worth reading."""
    if not vectors:
        return []
    rows = np.frombuffer(b"".join(blob for _, blob in vectors), np.float32).reshape(-1, WIDTH) @ vector
    ends = np.cumsum([len(blob) // (4 * WIDTH) for _, blob in vectors])
    starts = [0, *ends[:-1].tolist()]
    cosines = np.minimum(np.maximum.reduceat(rows, starts), 1.0).tolist()
    return [
        _Measured(
            chunk_id,
            max(0.0, (1 - LEXICAL_WEIGHT) * cosine + LEXICAL_WEIGHT * lexical.get(chunk_id, 0.0)),
            cosine,
            lexical.get(chunk_id, 0.0),
            rows[start:end],
        )
        for (chunk_id, _), cosine, start, end in zip(vectors, cosines, starts, ends.tolist(), strict=True)
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
