from collections.abc import Sequence

import numpy as np
import pytest

from socialai.domain.knowledge import Article
from socialai.errors import ModelError, NotFound
from socialai.inference.language import LanguageModel
from socialai.jobs.index import index_article
from socialai.knowledge.index import BATCH, WIDTH, Encode, Vectors, build
from socialai.store import articles, chunks, spare_vectors
from socialai.store.db import Database
from tests.knowledge.conftest import NOW

LONG = "\n\n".join(
    f"## Part {n}\n\nThe tent {n} weighs {n} kilograms. It costs {n} euros." for n in range(40)
)


def test_vectors_are_of_the_whole_then_each_sentence_then_the_question(encode: Encode) -> None:
    (found,) = build(encode, _article("Do you ship to Norway?", "faq", "Yes. It costs 14.90 EUR."))
    vectors = np.frombuffer(found.vectors, np.float32).reshape(-1, WIDTH)
    texts = [
        "Do you ship to Norway?\nYes. It costs 14.90 EUR.",
        "Do you ship to Norway?: Yes.",
        "Do you ship to Norway?: It costs 14.90 EUR.",
        "Do you ship to Norway?",
    ]
    assert found.sentences == ("Yes.", "It costs 14.90 EUR.")
    assert np.allclose(vectors, encode(texts), atol=1e-2)


def test_a_long_article_goes_to_the_encoder_in_small_batches(encode: Encode) -> None:
    sizes = []

    def counted(texts: Sequence[str]) -> Vectors:
        sizes.append(len(texts))
        return encode(texts)

    assert len(build(counted, _article("Tents", "markdown", LONG))) == 40
    assert max(sizes) == BATCH


@pytest.mark.parametrize("vectors", [np.full((1, WIDTH), np.nan, np.float32), np.zeros((1, 5), np.float32)])
def test_vectors_that_are_none_are_refused(vectors: Vectors) -> None:
    with pytest.raises(ModelError):
        build(lambda _: vectors, _article("Hours", "text", "!"))


def test_indexing_makes_an_article_findable_once(acme: Database, encode: Encode) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Tents", kind="markdown", text=LONG, source="", now=NOW)
    )
    index_article(acme, encode, article.id, NOW)
    index_article(acme, _unusable, article.id, NOW)
    assert acme.read(lambda c: articles.get(c, article.id)).indexed_at == NOW
    assert acme.read(chunks.count) == 40


def test_after_a_failure_the_article_still_waits(acme: Database) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Tents", kind="markdown", text=LONG, source="", now=NOW)
    )
    with pytest.raises(ModelError):
        index_article(acme, _unusable, article.id, NOW)
    assert acme.read(articles.unindexed) == [article.id]


def test_an_article_changed_meanwhile_is_not_indexed_as_it_was(acme: Database, encode: Encode) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Hours", kind="text", text="We open at 9.", source="", now=NOW)
    )

    def slow(texts: Sequence[str]) -> Vectors:
        later = NOW.replace(hour=9)
        acme.write(lambda c: articles.update(c, article.id, title="Hours", text="We open at 10.", now=later))
        return encode(texts)

    index_article(acme, slow, article.id, NOW)
    assert acme.read(chunks.count) == 0
    assert acme.read(articles.unindexed) == [article.id]


def test_an_article_without_words_says_so(acme: Database, encode: Encode) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Line", kind="markdown", text="---", source="", now=NOW)
    )
    index_article(acme, encode, article.id, NOW)
    assert acme.read(lambda c: articles.get(c, article.id)).index_error == "There are no words in it to find."


def test_an_article_that_is_gone_is_no_error(acme: Database, encode: Encode) -> None:
    index_article(acme, encode, 99, NOW)
    with pytest.raises(NotFound):
        acme.read(lambda c: articles.get(c, 99))


def _unusable(texts: Sequence[str]) -> Vectors:
    raise ModelError("The model was stopped.")


def _article(title: str, kind: str, text: str) -> Article:
    return Article(1, title, kind, text, "", NOW, NOW)  # type: ignore[arg-type] # kind is a str here


def test_after_an_edit_only_what_changed_is_encoded(acme: Database, encode: Encode) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Tents", kind="markdown", text=LONG, source="", now=NOW)
    )
    index_article(acme, encode, article.id, NOW)
    before = _by_words(acme)
    text = LONG.replace("It costs 7 euros.", "It costs 8 euros now.")
    acme.write(lambda c: articles.update(c, article.id, title="Tents", text=text, now=NOW.replace(hour=9)))
    assert acme.read(chunks.count) == 0
    asked: list[str] = []

    def counted(texts: Sequence[str]) -> Vectors:
        asked.extend(texts)
        return encode(texts)

    index_article(acme, counted, article.id, NOW)
    assert asked == [
        "Tents\nPart 7\nThe tent 7 weighs 7 kilograms. It costs 8 euros now.",
        "Tents. Part 7: It costs 8 euros now.",
    ]
    after = _by_words(acme)
    assert len(after) == len(before) == 40
    same = before.keys() & after.keys()
    assert len(same) == 39
    assert all(before[words] == after[words] for words in same)
    assert acme.read(lambda c: spare_vectors.vectors(c, article.id)) == {}


def test_two_edits_before_indexing_lose_no_vector(acme: Database, encode: Encode) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Tents", kind="markdown", text=LONG, source="", now=NOW)
    )
    index_article(acme, encode, article.id, NOW)
    for hour, text in enumerate(("Something else.", LONG), 9):
        now = NOW.replace(hour=hour)
        acme.write(
            lambda c, text=text, now=now: articles.update(c, article.id, title="Tents", text=text, now=now)
        )
    index_article(acme, _unusable, article.id, NOW)
    assert acme.read(chunks.count) == 40


def test_another_encoders_vectors_are_never_kept(acme: Database, encode: Encode) -> None:
    article = acme.write(
        lambda c: articles.add(c, title="Tents", kind="markdown", text=LONG, source="", now=NOW)
    )
    index_article(acme, encode, article.id, NOW)
    later = NOW.replace(hour=9)
    acme.write(lambda c: articles.update(c, article.id, title="Tents", text=LONG + "\n\nMore.", now=later))
    acme.write(lambda c: articles.use_encoder(c, "another"))
    assert acme.read(lambda c: spare_vectors.vectors(c, article.id)) == {}


def test_its_language_is_told_when_it_is_indexed(acme: Database, encode: Encode) -> None:
    text = "Wir liefern nach Norwegen und Schweden. Der Versand kostet neun Euro."
    article = acme.write(
        lambda c: articles.add(c, title="Versand", kind="text", text=text, source="", now=NOW)
    )
    index_article(acme, encode, article.id, NOW, lambda text: LanguageModel().detect(text).code)
    assert acme.read(lambda c: articles.get(c, article.id)).language == "de"


def _by_words(db: Database) -> dict[str, bytes]:
    sql = "select words, vectors from chunk join chunk_word on chunk_word.rowid = chunk.id"
    return {row["words"]: row["vectors"] for row in db.read(lambda c: c.execute(sql).fetchall())}
