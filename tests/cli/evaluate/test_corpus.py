from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from socialai.cli.evaluate import corpus
from socialai.knowledge.search import search
from socialai.store import articles
from socialai.store.db import Database
from socialai.store.migrate import migrate

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_as_many_chunks_as_wanted_can_be_searched(tmp_path: Path) -> None:
    first, second = _filled(tmp_path / "first.db"), _filled(tmp_path / "second.db")
    assert first == second
    assert len(first) == 6


def test_questions_vary_and_stay_the_same() -> None:
    assert corpus.questions(50) == corpus.questions(50)
    assert len(set(corpus.questions(50))) > 40


def test_its_vectors_have_unit_length() -> None:
    assert np.allclose(np.linalg.norm(corpus.arithmetic(["a tent", "x"]), axis=1), 1)


def _filled(path: Path) -> list[str]:
    migrate(path, "tenant")
    db = Database(path)
    assert db.write(lambda c: corpus.fill(c, 200, NOW)) >= 200
    question = corpus.questions(1)[0]
    hits = db.read(lambda c: search(c, question, corpus.arithmetic([question])[0]))
    assert db.read(articles.unindexed) == []
    db.rest()
    return [hit.text for hit in hits]
