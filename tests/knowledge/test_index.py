from collections.abc import Sequence

import numpy as np
import pytest

from socialai.domain.knowledge import Article
from socialai.errors import ModelError, NotFound
from socialai.jobs.index import index_article
from socialai.knowledge.index import BATCH, WIDTH, Encode, Vectors, build
from socialai.store import articles, chunks
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
        "Yes.",
        "It costs 14.90 EUR.",
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
