"""Search in ten thousand chunks, its two halves alone, and a question asked of the whole hub."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from socialai.actions.thinking import ask
from socialai.cli.benches import shop
from socialai.cli.benches.figure import Extent, Figure, Say, at_most, percentile
from socialai.cli.evaluate import corpus
from socialai.cli.program import Program
from socialai.context import App
from socialai.knowledge.search import CANDIDATES, search
from socialai.knowledge.shelf import fts_query
from socialai.knowledge.words import terms
from socialai.settings import Settings
from socialai.store import chunks
from socialai.store.db import Database

T = TypeVar("T")
Vectors = NDArray[np.float32]
_WARM_UP = 5


def measure(program: Program, folder: Path, extent: Extent, say: Say) -> list[Figure]:
    settings = Settings(data_dir=folder / "hub")
    shop.prepare(program, settings)
    with shop.opened(program, settings, folder) as app:
        database = app.files.tenant(shop.TENANT)
        say(f"search: making {extent.chunks:,} chunks")
        there = database.write(lambda db: corpus.fill(db, extent.chunks, app.clock()))
        app.models.warm()
        questions = corpus.questions(extent.questions)
        say(f"search: {len(questions)} questions among {there:,} chunks")
        return [*_search(database, app, questions, there), _ask(app, questions, there)]


def _search(database: Database, app: App, questions: Sequence[str], there: int) -> list[Figure]:
    """The questions' vectors are made before: `ask` is measured with them."""
    asked = list(zip(questions, app.models.encode(questions, timeout=120), strict=True))
    whole = times(partial(hybrid, database), asked)
    dense = times(partial(_dense, database), asked)
    words = times(partial(_words, database), asked)
    figure = at_most(
        20,
        name=f"search, p95 at {there:,} chunks",
        value=percentile(whole, 0.95),
        unit="ms",
        compared_to=f"p50 {percentile(whole, 0.5):.1f} ms",
    )
    return [
        figure,
        _alone("vectors alone, p95", dense),
        _alone("full text alone, p95", words),
    ]


def _alone(name: str, took: list[float]) -> Figure:
    return Figure(
        name=f"search, {name}",
        value=percentile(took, 0.95),
        unit="ms",
        compared_to=f"p50 {percentile(took, 0.5):.1f} ms",
    )


def _ask(app: App, questions: Sequence[str], there: int) -> Figure:
    took = times(lambda each: ask(app, shop.TENANT, each[0]), [(question, None) for question in questions])
    return at_most(
        60,
        name="ask, p95 warm",
        value=percentile(took, 0.95),
        unit="ms",
        compared_to=f"p50 {percentile(took, 0.5):.1f} ms, same {there:,} chunks",
    )


def hybrid(database: Database, asked: tuple[str, Vectors]) -> object:
    return database.read(lambda db: search(db, *asked))


def _dense(database: Database, asked: tuple[str, Vectors]) -> object:
    return database.read(lambda db: chunks.nearest(db, asked[1].tobytes(), CANDIDATES))


def _words(database: Database, asked: tuple[str, Vectors]) -> object:
    return database.read(lambda db: chunks.matching(db, fts_query(terms(asked[0])), CANDIDATES))


def times(run: Callable[[T], object], items: Sequence[T]) -> list[float]:
    """Milliseconds of each."""
    for item in items[:_WARM_UP]:
        run(item)
    took = []
    for item in items:
        started = time.perf_counter()
        run(item)
        took.append(1000 * (time.perf_counter() - started))
    return took
