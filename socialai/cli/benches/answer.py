"""Answering: the hub's own sentences, search at two sizes, indexing, a language model where one is given."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from socialai.actions import articles as actions
from socialai.actions.thinking import ask
from socialai.cli.benches import shop, write
from socialai.cli.benches.figure import Extent, Figure, Say, at_least, at_most, percentile
from socialai.cli.benches.search import hybrid, times
from socialai.cli.evaluate import corpus
from socialai.cli.output import progress
from socialai.cli.program import Program
from socialai.context import App
from socialai.knowledge.index import BATCH
from socialai.sandbox.northwind import shop as northwind
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import chunks

_TOKENS = 64
_OTHERS = 1_000_000
"""The made-up articles that are indexed are numbered from here on; those before are searched."""
_LIMITS = {1: 20, 10: 80}
"""Milliseconds at so many times the chunks of the smaller knowledge."""


def measure(program: Program, folder: Path, extent: Extent, say: Say) -> list[Figure]:
    settings = Settings(data_dir=folder / "hub")
    shop.prepare(program, settings)
    with shop.opened(program, settings, folder) as app:
        app.models.warm()
        figures = [_indexing(app, extent, say), _answering(app, extent, say)]
        figures += [
            _searching(app, size * extent.chunks, most, extent, say) for size, most in _LIMITS.items()
        ]
    if extent.model is None:
        say("answer: no language model was measured; give one with --gguf FILE")
        return figures
    say(f"answer: {extent.model.name} beside the library called bare")
    return [*figures, *write.measure(extent.model, extent.rounds, _TOKENS)]


def _indexing(app: App, extent: Extent, say: Say) -> Figure:
    """The same texts are encoded alone, before and after."""
    known = [*northwind.articles(), *map(corpus.written_article, range(_OTHERS, _OTHERS + extent.articles))]
    say(f"answer: reading {len(known)} articles")
    who, database = operator(shop.TENANT), app.files.tenant(shop.TENANT)
    ids = [actions.add(app, who, title, "markdown", text, "bench").id for title, text in known]
    started = time.perf_counter()
    with progress("Indexing", len(ids)) as advance:
        for article_id in ids:
            app.tasks.run("index", shop.TENANT, article_id)
            advance(1)
    took = time.perf_counter() - started
    texts = database.read(chunks.encoded_texts)
    alone = _encoding(app, texts)
    rate = len(texts) / took
    return at_least(
        70,
        name="indexing, share of the encoder's own throughput",
        value=100 * rate / alone,
        unit="%",
        compared_to=f"encoder {alone:,.0f} texts/s in batches of {BATCH}; indexed {rate:,.0f} texts/s",
    )


def _encoding(app: App, texts: Sequence[str]) -> float:
    """Texts a second."""
    started = time.perf_counter()
    for start in range(0, len(texts), BATCH):
        app.models.encode_knowledge(texts[start : start + BATCH])
    return len(texts) / (time.perf_counter() - started)


def _answering(app: App, extent: Extent, say: Say) -> Figure:
    asked = [*(question for question, _ in northwind.faq()), *corpus.questions(extent.questions)]
    say(f"answer: {len(asked)} questions")
    took = times(lambda question: ask(app, shop.TENANT, question), asked[: extent.questions])
    return at_most(
        60,
        name="extractive answer, p95 warm",
        value=percentile(took, 0.95),
        unit="ms",
        compared_to=f"p50 {percentile(took, 0.5):.1f} ms",
    )


def _searching(app: App, wanted: int, most: float, extent: Extent, say: Say) -> Figure:
    say(f"answer: making {wanted:,} chunks")
    database = app.files.tenant(shop.TENANT)
    there = database.write(lambda db: corpus.fill(db, wanted, app.clock(), first=wanted))
    questions = corpus.questions(extent.questions)
    vectors = app.models.encode(questions, timeout=120)
    took = times(partial(hybrid, database), list(zip(questions, vectors, strict=True)))
    return at_most(
        most,
        name=f"hybrid search, p95 at {there:,} chunks",
        value=percentile(took, 0.95),
        unit="ms",
        compared_to=f"p50 {percentile(took, 0.5):.1f} ms",
    )
