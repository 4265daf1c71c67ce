"""Hybrid search: closeness of meaning (vectors) and of words (BM25), then the chance that a passage answers.

Candidates come from both; each is measured by its closest sentence too, which finds one fact in a long
passage. BM25 has no scale of its own: it is divided by the best one found, and counts as much as that best
chunk holds of what is asked, so that one shared common word is not taken for an answer. The few best are
read: how far they say the question's words, or near ones, and what kind of thing is asked for. A model tells
from all this how likely each is to answer.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import numpy as np
from msgspec import Struct

from socialai.domain.knowledge import Hit, Sentence
from socialai.inference.answering import AnsweringModel, answering_model
from socialai.knowledge.fit import NOTHING_FITS, Fits, Passage, asked, fits
from socialai.knowledge.shelf import Closeness, FileShelf, Shelf, Vector
from socialai.knowledge.words import terms

CANDIDATES = 50
_MOST_CANDIDATES = 4096  # sqlite-vec gives no more
LEXICAL_WEIGHT = 0.4
"""Chosen on 2,000 SQuAD questions that are not among those reported by `socialai eval`."""
_READ = 8
"""Of the candidates, so many are read."""
_OF_ONE_ARTICLE = 2
"""More of it come after the others: what is found should be various."""


class _Lexical(Struct, frozen=True):
    """`scores`: chunk id → 0…1. `counts`: in how many chunks each word is."""

    scores: Mapping[int, float]
    counts: Mapping[str, int]


def search(
    db: sqlite3.Connection,
    question: str,
    vector: Vector,
    limit: int = 6,
    hidden: Set[int] = frozenset(),
) -> list[Hit]:
    """The likeliest to answer first; `vector` is the question's, unit length.

    A question without a word finds nothing.
    `hidden` chunks are not found: those of articles that are not valid now.
    """
    return search_on(FileShelf(db), question, vector, limit, hidden)


def search_on(
    shelf: Shelf, question: str, vector: Vector, limit: int = 6, hidden: Set[int] = frozenset()
) -> list[Hit]:
    model = answering_model()
    passages, fit = examine(shelf, question, vector, model, max(limit, _READ), hidden)
    if not passages or limit < 1:
        return []
    chances = model.chances(fit.features)
    order = np.argsort(-chances, kind="stable").tolist()
    hits = [_hit(passages[place], float(chances[place]), fit.sentences[place]) for place in order]
    return list(_various(hits))[:limit]


def examine(
    shelf: Shelf,
    question: str,
    vector: Vector,
    model: AnsweringModel,
    most: int = _READ,
    hidden: Set[int] = frozenset(),
) -> tuple[Sequence[Passage], Fits]:
    """The passages that may answer, and how each fits."""
    words = _repaired(shelf, terms(question), model)
    wanted = min(CANDIDATES + len(hidden), _MOST_CANDIDATES)
    lexical = _lexical(shelf, words, wanted)
    candidates = list({*shelf.nearest(vector, wanted), *lexical.scores} - hidden) if words else []
    if not candidates:
        return (), NOTHING_FITS
    passages = _passages(shelf, shelf.closeness(candidates, vector), lexical.scores, most)
    answers = _answers(shelf, passages, vector, model)
    about = asked(question, words, lexical.counts.__getitem__, shelf.count(), model.common)
    return passages, fits(about, passages, answers, model)


def _repaired(shelf: Shelf, words: Sequence[str], model: AnsweringModel) -> list[str]:
    return list(dict.fromkeys(word if word in model.common else shelf.known(word) for word in words))


def _lexical(shelf: Shelf, words: Sequence[str], wanted: int) -> _Lexical:
    scores = shelf.matching(words, wanted) if words else {}
    if not scores:
        return _Lexical({}, dict.fromkeys(words, 0))
    best = next(iter(scores))
    spread = {word: shelf.spread(word, best) for word in words}
    share = _share(spread.values(), shelf.count()) / max(scores[best], 1e-9)
    return _Lexical(
        {chunk_id: min(1.0, score * share) for chunk_id, score in scores.items()},
        {word: count for word, (count, _) in spread.items()},
    )


def _share(spread: Iterable[tuple[int, bool]], total: int) -> float:
    """How much of what is asked the chunk holds, a rare word counting for more."""
    held = missed = 0.0
    for found, here in spread:
        weight = math.log1p((total - found + 0.5) / (found + 0.5))
        held, missed = (held + weight, missed) if here else (held, missed + weight)
    return held / (held + missed)


def _passages(shelf: Shelf, measured: Closeness, lexical: Mapping[int, float], most: int) -> list[Passage]:
    """Each is as close as its whole, its closest sentence or its question is. In whole arrays: there are
    many candidates, and only the few best are worth a look each."""
    ids, rows, starts = measured
    cosines = np.minimum(np.maximum.reduceat(rows, starts), 1.0).astype(np.float64)
    words = np.array([lexical.get(chunk_id, 0.0) for chunk_id in ids])
    scores = (1 - LEXICAL_WEIGHT) * cosines + LEXICAL_WEIGHT * words
    ends = [*starts[1:].tolist(), len(rows)]
    best = np.argsort(-scores, kind="stable")[:most].tolist()
    found = {chunk.id: chunk for chunk in shelf.chunks([ids[place] for place in best])}
    return [
        Passage(
            found[ids[place]], float(cosines[place]), float(words[place]), rows[starts[place] : ends[place]]
        )
        for place in best
    ]


def _answers(shelf: Shelf, passages: Sequence[Passage], vector: Vector, model: AnsweringModel) -> list[float]:
    """How far the sentence of each that does so best answers, by what it means."""
    found = [rows[1:] for rows in shelf.rows([passage.chunk.id for passage in passages])]
    starts = np.cumsum([0, *map(len, found[:-1])])
    best: list[float] = np.maximum.reduceat(model.answers(vector, np.concatenate(found)), starts).tolist()
    return best


def _various(hits: Sequence[Hit]) -> Iterator[Hit]:
    """No article crowds out the others."""
    seen: Counter[int] = Counter()
    later = []
    for hit in hits:
        seen[hit.article_id] += 1
        if seen[hit.article_id] > _OF_ONE_ARTICLE:
            later.append(hit)
        else:
            yield hit
    yield from later


def _hit(passage: Passage, chance: float, sentences: Sequence[float]) -> Hit:
    chunk = passage.chunk
    return Hit(
        article_id=chunk.article_id,
        chunk_id=chunk.id,
        title=chunk.title,
        heading=chunk.heading,
        text=chunk.text,
        question=chunk.question,
        score=chance,
        cosine=passage.closest,
        lexical=passage.lexical,
        sentences=tuple(map(Sentence, chunk.sentences, sentences)),
        language=chunk.language,
    )
