"""What is held in memory is found as it is in the file, and is never older than the file."""

from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.cli.evaluate import corpus
from socialai.knowledge.index import Encode, build
from socialai.knowledge.memory_shelf import MemoryShelf
from socialai.knowledge.search import search, search_on
from socialai.knowledge.shelves import Shelves
from socialai.store import articles
from socialai.store.db import Database
from tests.knowledge.conftest import NOW

WORDS = st.sampled_from(
    "norway tent returns delivery the ship ships EUR 1900 é 中 nowhere wash it fjell".split()
)


@pytest.fixture
def filled(acme: Database) -> Database:
    acme.write(lambda db: corpus.fill(db, 120, NOW))
    return acme


def _shelf(database: Database) -> MemoryShelf:
    shelf = Shelves().shelf(database)
    assert shelf
    return shelf


def test_the_same_is_found_as_in_the_file(filled: Database, encode: Encode) -> None:
    shelf = _shelf(filled)
    for question, vector in zip(asked := corpus.questions(40), encode(asked), strict=True):
        in_file = filled.read(partial(search, question=question, vector=vector))
        in_memory = search_on(shelf, question, vector)
        assert [hit.chunk_id for hit in in_memory] == [hit.chunk_id for hit in in_file]
        assert [hit.score for hit in in_memory] == pytest.approx([hit.score for hit in in_file], abs=1e-6)
        assert [hit.text for hit in in_memory] == [hit.text for hit in in_file]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(words=st.lists(WORDS, max_size=8), seed=st.integers(0, 1000))
def test_any_words_weigh_as_in_the_file(filled: Database, words: list[str], seed: int) -> None:
    vector = corpus.arithmetic([f"word{seed}"])[0]
    question = " ".join(words)
    in_memory = search_on(_shelf(filled), question, vector)
    in_file = filled.read(lambda db: search(db, question, vector))
    assert [hit.score for hit in in_memory] == pytest.approx([hit.score for hit in in_file], abs=1e-6)
    assert [hit.lexical for hit in in_memory] == pytest.approx([hit.lexical for hit in in_file], abs=1e-6)


def test_a_word_asked_of_an_older_shelf_finds_nothing_that_came_since(filled: Database) -> None:
    shelf = _shelf(filled)
    title, text = corpus.written_article(900)
    new = filled.write(
        lambda db: articles.add(db, title=title, kind="markdown", text=text, source="typed", now=NOW)
    )
    filled.write(lambda db: articles.replace_chunks(db, new, build(corpus.arithmetic, new), NOW))
    vector = np.full(384, 384**-0.5, np.float32)
    assert 0 < len(search_on(shelf, text[:200], vector, 1000)) <= shelf.count()


def test_what_was_measured_together_is_found_as_if_alone(filled: Database, encode: Encode) -> None:
    alone, together = _shelf(filled), _shelf(filled)
    vectors = encode(asked := corpus.questions(40))
    for _ in range(4):
        together.measure(vectors)
    for question, vector in zip(asked, vectors, strict=True):
        found = search_on(together, question, vector)
        expected = search_on(alone, question, vector)
        assert [hit.chunk_id for hit in found] == [hit.chunk_id for hit in expected]
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-6)
