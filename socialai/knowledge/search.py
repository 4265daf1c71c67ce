"""Hybrid search: closeness of meaning (vectors) and of words (BM25), fused by score.

Candidates come from both; each is then measured by its closest sentence too, which finds one fact in a long
passage. BM25 has no scale of its own: it is divided by the best one found, and counts as much as that best
chunk holds of what is asked, so that one shared common word is not taken for an answer.
"""

import math
import re
import sqlite3
from collections.abc import Sequence

import numpy as np
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


def search(db: sqlite3.Connection, question: str, vector: Vector, limit: int = 6) -> list[Hit]:
    """The best first; `vector` is the question's, unit length. A question without a word finds nothing."""
    asked = terms(question)
    if not asked or limit < 1:
        return []
    near = chunks.nearest(db, np.ascontiguousarray(vector, np.float32).tobytes(), CANDIDATES)
    lexical = _lexical(db, asked)
    found = chunks.chunks(db, list({*near, *lexical}))
    hits = [_hit(chunk, vector, lexical.get(chunk.id, 0.0)) for chunk in found]
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:limit]


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


def _hit(chunk: StoredChunk, vector: Vector, lexical: float) -> Hit:
    """As close as its whole, its closest sentence or its question is."""
    closeness = (np.frombuffer(chunk.vectors, np.float32).reshape(-1, WIDTH) @ vector).tolist()
    cosine = min(1.0, max(closeness))
    return Hit(
        article_id=chunk.article_id,
        chunk_id=chunk.id,
        title=chunk.title,
        heading=chunk.heading,
        text=chunk.text,
        question=chunk.question,
        score=max(0.0, (1 - LEXICAL_WEIGHT) * cosine + LEXICAL_WEIGHT * lexical),
        cosine=cosine,
        lexical=lexical,
        sentences=tuple(map(Sentence, chunk.sentences, closeness[1:])),
    )
