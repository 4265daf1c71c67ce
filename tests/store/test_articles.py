from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

import numpy as np
import pytest
from numpy.typing import NDArray

from socialai.domain.knowledge import Article, IndexedPassage, KnowledgeCounts, Passage
from socialai.errors import Conflict, InvalidInput, NotFound, TooLarge
from socialai.store import articles, chunks
from socialai.store.db import connect
from socialai.store.migrate import migrate

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
Vector = NDArray[np.float32]
TABLES = ("chunk", "chunk_word", "chunk_vector")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    migrate(tmp_path / "tenant.db", "tenant")
    db = connect(tmp_path / "tenant.db")
    yield db
    db.close()


def test_an_added_article_waits_for_indexing(db: Connection) -> None:
    article = _add(db, "  Opening\n hours ", "Nine to five.")
    assert (article.title, article.created_at, article.indexed_at) == ("Opening hours", NOW, None)
    assert articles.get(db, article.id) == article
    assert articles.unindexed(db) == [article.id]


def test_the_same_article_is_refused_with_its_name(db: Connection) -> None:
    first = _add(db, "Hours", "Nine to five.")
    with pytest.raises(Conflict, match="article 1 'Hours'"):
        _add(db, "Hours", "Nine to five.")
    assert articles.find_same(db, title="Hours", kind="text", text="Nine to five.") == first
    assert articles.find_same(db, title="Hours", kind="text", text="Ten to five.") is None


@pytest.mark.parametrize(
    ("title", "text", "error"),
    [
        ("", "x", InvalidInput),
        ("x", " \n", InvalidInput),
        ("x" * 201, "x", InvalidInput),
        ("x", "x" * 1_000_001, TooLarge),
    ],
)
def test_what_is_no_article_is_refused(
    db: Connection, title: str, text: str, error: type[InvalidInput]
) -> None:
    with pytest.raises(error):
        _add(db, title, text)


def test_chunks_are_kept_with_their_words_and_vectors(db: Connection) -> None:
    article = _add(db, "Hours", "Nine to five.")
    assert articles.replace_chunks(db, article, [_passage("Nine to five.", 0), _passage("Closed.", 1)], LATER)
    assert articles.get(db, article.id).indexed_at == LATER
    assert _rows(db) == [2, 2, 2]
    assert chunks.nearest(db, _vector(1).tobytes(), 1) == [2]
    assert list(chunks.matching(db, '"closing"', 5)) == [2]
    assert [chunk.sentences for chunk in chunks.chunks(db, [1, 2])] == [("Nine to five.",), ("Closed.",)]


def test_new_chunks_take_the_place_of_the_old_ones(db: Connection) -> None:
    article = _add(db, "Hours", "Nine to five.")
    db.execute("begin")
    for _ in range(3):
        assert articles.replace_chunks(db, article, [_passage("Nine to five.", 0)], LATER)
    assert _rows(db) == [1, 1, 1]


def test_chunks_of_a_text_that_changed_meanwhile_are_not_kept(db: Connection) -> None:
    article = _add(db, "Hours", "Nine to five.")
    articles.update(db, article.id, title="Hours", text="Ten to five.", now=LATER)
    assert not articles.replace_chunks(db, article, [_passage("Nine to five.", 0)], LATER)
    assert _rows(db) == [0, 0, 0]


def test_a_changed_text_is_found_no_more_until_it_is_indexed(db: Connection) -> None:
    article = _indexed(db, "Hours", "Nine to five.")
    changed = articles.update(db, article.id, title="Hours", text="Ten to five.", now=LATER)
    assert (changed.text, changed.updated_at, changed.indexed_at) == ("Ten to five.", LATER, None)
    assert _rows(db) == [0, 0, 0]
    assert articles.unindexed(db) == [article.id]


def test_saving_without_a_change_keeps_the_index(db: Connection) -> None:
    article = _indexed(db, "Hours", "Nine to five.")
    assert articles.update(db, article.id, title="Hours", text="Nine to five.", now=LATER) == article
    assert _rows(db) == [1, 1, 1]


def test_an_article_cannot_become_another_one(db: Connection) -> None:
    _add(db, "Hours", "Nine to five.")
    other = _add(db, "Times", "Nine to five.")
    with pytest.raises(Conflict):
        articles.update(db, other.id, title="Hours", text="Nine to five.", now=LATER)


def test_a_deleted_article_leaves_nothing(db: Connection) -> None:
    article, other = _indexed(db, "Hours", "Nine to five."), _indexed(db, "Tents", "Two people.")
    articles.delete(db, article.id)
    assert _rows(db) == [1, 1, 1]
    assert [summary.id for summary in articles.articles(db)] == [other.id]
    with pytest.raises(NotFound):
        articles.delete(db, article.id)


def test_the_list_is_newest_first_page_by_page(db: Connection) -> None:
    for number in range(5):
        _add(db, f"Article {number}", "Words. " * 100)
    first = articles.articles(db, limit=2)
    assert [summary.title for summary in first] == ["Article 4", "Article 3"]
    assert [summary.id for summary in articles.articles(db, after=first[-1].id)] == [3, 2, 1]
    assert len(first[0].excerpt) == 200


def test_the_list_can_be_narrowed_to_some_words(db: Connection) -> None:
    _add(db, "Hours", "Nine to five, 100% sure.")
    _add(db, "Tents", "For two people.")
    assert [summary.title for summary in articles.articles(db, query=" 100% ")] == ["Hours"]
    assert [summary.title for summary in articles.articles(db, query="tent")] == ["Tents"]
    assert articles.articles(db, query="_") == []


def test_an_article_that_cannot_be_indexed_says_why(db: Connection) -> None:
    article = _add(db, "Hours", "---")
    articles.set_index_error(db, article.id, "There are no words in it to find.")
    assert articles.unindexed(db) == []
    assert articles.counts(db) == KnowledgeCounts(articles=1, waiting=0, failed=1, chunks=0)


def test_another_encoder_makes_every_article_wait(db: Connection) -> None:
    assert articles.use_encoder(db, "minilm@1")
    article = _indexed(db, "Hours", "Nine to five.")
    assert not articles.use_encoder(db, "minilm@1")
    assert articles.use_encoder(db, "minilm@2")
    assert articles.unindexed(db) == [article.id]
    assert _rows(db) == [0, 0, 0]


def test_vectors_that_went_leave_no_room_behind(db: Connection) -> None:
    article = _add(db, "Hours", "Nine to five.")
    db.execute("begin")
    for _ in range(3):
        articles.replace_chunks(db, article, [_passage(f"Hour {n}.", n % 384) for n in range(2000)], LATER)
    blocks = db.execute("select count(*) from chunk_vector_chunks").fetchone()[0]
    assert blocks <= 6
    assert _rows(db) == [2000, 2000, 2000]


def _add(db: Connection, title: str, text: str) -> Article:
    return articles.add(db, title=title, kind="text", text=text, source="typed", now=NOW)


def _indexed(db: Connection, title: str, text: str) -> Article:
    article = _add(db, title, text)
    articles.replace_chunks(db, article, [_passage(text, 0)], NOW)
    return articles.get(db, article.id)


def _passage(text: str, axis: int) -> IndexedPassage:
    vectors = _vector(axis).tobytes() * 2
    return IndexedPassage(Passage("", text), text, (text,), vectors)


def _vector(axis: int) -> Vector:
    vector: Vector = np.eye(1, 384, axis, dtype=np.float32)[0]
    return vector


def _rows(db: Connection) -> list[int]:
    return [db.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES]
