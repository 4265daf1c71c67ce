"""What all tenants hold in memory stays within one bound, and is never older than the files."""

import numpy as np
import pytest

from socialai.cli.evaluate import corpus
from socialai.knowledge.search import search_on
from socialai.knowledge.shelves import Shelves
from socialai.store import articles, chunks
from socialai.store.db import Database
from tests.knowledge.conftest import NOW


@pytest.fixture
def filled(acme: Database, rival: Database) -> Database:
    for database in (acme, rival):
        database.write(lambda db: corpus.fill(db, 40, NOW))
    return acme


def test_a_changed_knowledge_is_read_anew_and_an_unchanged_one_is_not(filled: Database) -> None:
    shelves = Shelves()
    before = shelves.shelf(filled)
    assert before is shelves.shelf(filled)
    filled.write(lambda db: articles.delete(db, 1))
    after = shelves.shelf(filled)
    assert after
    vector = np.full(384, 384**-0.5, np.float32)
    assert all(hit.article_id != 1 for hit in search_on(after, "tent", vector, 1000))


def test_too_much_and_nothing_stay_in_the_file(acme: Database, rival: Database) -> None:
    acme.write(lambda db: corpus.fill(db, 40, NOW))
    assert Shelves(most_bytes=1000).shelf(acme) is None
    assert Shelves().shelf(rival) is None


def test_who_was_not_asked_for_a_minute_gives_way(filled: Database, rival: Database) -> None:
    now = [0.0]
    shelves = Shelves(most_bytes=filled.read(chunks.size), clock=lambda: now[0])
    assert shelves.shelf(filled)
    now[0] = 59
    assert shelves.shelf(rival) is None
    now[0] = 61
    assert shelves.shelf(rival)
    assert shelves.shelf(filled) is None
