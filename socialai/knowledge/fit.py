"""How passages fit a question, in numbers from which a model tells the chance that each answers it."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.inference.answering import AnsweringModel, Floats, Places
from socialai.knowledge.kinds import asked_kinds, is_personal, said_kinds
from socialai.knowledge.words import plain_words, said, stem
from socialai.store.chunks import StoredChunk

Numbers = NDArray[np.float64]

NAMES = (
    "closest",
    "whole",
    "sentence",
    "lexical",
    "said",
    "said_by_sentence",
    "sentence_and_words",
    "about",
    "unsaid",
    "above_other",
    "lexical_above_other",
    "said_above_other",
    "usual",
    "unknown",
    "says_kind",
    "lacks_kind",
    "personal",
    "asked_words",
    "length",
    "answers",
    "answers_above_other",
)
_UNLIKE = 0.35
"""Of two words: from this closeness on they begin to count as the same."""
_UNSAID = 0.35


class Passage(Struct, frozen=True):
    """A candidate; `closeness` of its whole, each sentence and, if it has one, its question."""

    chunk: StoredChunk
    closest: float
    lexical: float
    closeness: Any


class Asked(Struct, frozen=True):
    """`weights` sum to 1, more for a rarer word; `unknown` is the share of what no article says."""

    text: str
    words: tuple[str, ...]
    weights: Numbers
    unknown: float


class Fits(Struct, frozen=True):
    """`features`: shape (passages, NAMES); `sentences`: how each sentence fits, by meaning and words, 0…1."""

    features: Numbers
    sentences: tuple[tuple[float, ...], ...]


NOTHING_FITS = Fits(np.empty((0, len(NAMES))), ())


def asked(
    question: str, words: Sequence[str], found: Callable[[str], int], total: int, common: Mapping[str, float]
) -> Asked:
    """`found`: in how many of all `total` chunks a word is. A word that no chunk has is rare, but says little
    when everyone uses it."""
    counts = [found(word) for word in words]
    weights = np.array(
        [
            math.log1p((total - count + 0.5) / (count + 0.5)) * (1.0 if count else common.get(word, 1.0))
            for word, count in zip(words, counts, strict=True)
        ]
    )
    weights /= weights.sum() or 1.0
    unknown = float(sum(weight for weight, count in zip(weights, counts, strict=True) if not count))
    return Asked(question, tuple(words), weights, unknown)


class _Read(Struct, frozen=True):
    """A passage's texts, what it is about and then its sentences: the places of their words in the model,
    where each text starts among them, and the stems of each."""

    places: Places
    starts: Places
    stems: tuple[frozenset[str], ...]


def fits(
    question: Asked, passages: Sequence[Passage], answers: Sequence[float], model: AnsweringModel
) -> Fits:
    """How far each word is said, in each text of each passage, then what that comes to. `answers`: how far
    the passage's best sentence answers, by its meaning."""
    read = [_read(one.title, one.heading, one.question, one.sentences, model) for one in _chunks(passages)]
    sizes = np.array([len(one.starts) for one in read])
    starts = np.cumsum(sizes) - sizes
    said_here = _said(question, read, model)
    by_text = question.weights @ np.maximum(said_here, np.repeat(said_here[:, starts], sizes, axis=1))
    close = np.concatenate([one.closeness[:size] for one, size in zip(passages, sizes.tolist(), strict=True)])
    whole = np.maximum.reduceat(said_here, starts, axis=1)
    columns = [
        *_closeness(passages),
        question.weights @ whole,
        np.maximum.reduceat(by_text, starts),
        np.maximum.reduceat(by_text + close, starts),
        question.weights @ said_here[:, starts],
        question.weights @ (whole < _UNSAID),
    ]
    by_meaning = np.array(answers)
    *above, meaning_above = _beside(passages, columns[0], columns[3], columns[4], by_meaning)
    features = np.stack(
        [
            *columns,
            *above,
            np.full(len(passages), columns[0].mean()),
            *_about_the_question(question, passages),
            by_meaning,
            meaning_above,
        ],
        axis=1,
    )
    both = ((by_text + np.maximum(close, 0)) / 2).tolist()
    ends = (starts + sizes).tolist()
    return Fits(
        features,
        tuple(tuple(both[start + 1 : end]) for start, end in zip(starts.tolist(), ends, strict=True)),
    )


def _chunks(passages: Sequence[Passage]) -> list[StoredChunk]:
    return [passage.chunk for passage in passages]


@lru_cache(8192)  # the same passages answer many questions
def _read(
    title: str, heading: str, question: str | None, sentences: tuple[str, ...], model: AnsweringModel
) -> _Read:
    texts = (f"{title} {heading} {question or ''}", *sentences)
    # No text says nothing, not even one without a known word: each has a place.
    places = [
        found if len(found) else np.zeros(1, np.int64) for found in map(model.places, map(plain_words, texts))
    ]
    sizes = np.array([len(each) for each in places])
    return _Read(np.concatenate(places), np.cumsum(sizes) - sizes, tuple(map(said, texts)))


def _said(question: Asked, read: Sequence[_Read], model: AnsweringModel) -> Floats:
    """Shape (words, texts), 0…1: the same word is said, and one of near meaning nearly."""
    places = np.concatenate([one.places for one in read])
    before = np.cumsum([0, *(len(one.places) for one in read[:-1])])
    starts = np.concatenate([one.starts + skipped for one, skipped in zip(read, before, strict=True)])
    known = [model.places([word]) for word in question.words]
    out: Floats = np.zeros((len(question.words), len(starts)), np.float32)
    near = model.vectors(np.concatenate(known)) @ model.vectors(places).T
    if len(near):
        out[[bool(len(each)) for each in known]] = np.maximum.reduceat(near, starts, axis=1)
    out = np.clip((out - _UNLIKE) / (1 - _UNLIKE), 0, 1)
    asked = [stem(word) for word in question.words]
    wanted = frozenset(asked)
    for column, here in enumerate(here for one in read for here in one.stems):
        if same := wanted & here:
            out[[word in same for word in asked], column] = 1
    return out


def _closeness(passages: Sequence[Passage]) -> list[Numbers]:
    return [
        np.array([passage.closest for passage in passages]),
        np.array([float(passage.closeness[0]) for passage in passages]),
        np.array([float(passage.closeness[1:].max(initial=0)) for passage in passages]),
        np.array([passage.lexical for passage in passages]),
    ]


def _beside(passages: Sequence[Passage], *columns: Numbers) -> Numbers:
    """How far each stands above the best of another article; a row for each column."""
    articles = np.array([passage.chunk.article_id for passage in passages])
    other = articles[:, None] != articles[None, :]
    values = np.stack(columns)
    beside: Numbers = values - np.where(other, values[:, None, :], 0.0).max(2)
    return beside


def _about_the_question(question: Asked, passages: Sequence[Passage]) -> list[Numbers]:
    kinds = asked_kinds(question.text)
    says = [[a and b for a, b in zip(kinds, said_kinds(one.chunk.text), strict=True)] for one in passages]
    lacks = [any(kinds) and not all(b or not a for a, b in zip(kinds, each, strict=True)) for each in says]
    alike = (question.unknown, float(is_personal(question.text)), math.log1p(len(question.words)))
    unknown, personal, many = (np.full(len(passages), value) for value in alike)
    return [
        unknown,
        np.array([float(any(each)) for each in says]),
        np.array(lacks, np.float64),
        personal,
        many,
        np.array([math.log1p(len(one.chunk.text)) for one in passages]),
    ]
