import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.knowledge import ArticleKind, Hit
from socialai.jobs.index import index_article
from socialai.knowledge.index import Encode
from socialai.knowledge.search import search
from socialai.knowledge.words import MAX_TERMS, terms
from socialai.store import articles
from socialai.store.db import Database
from tests.knowledge.conftest import NOW

SHOP: list[tuple[str, ArticleKind, str]] = [
    (
        "Shipping",
        "markdown",
        "We send parcels every weekday. Orders before noon leave the same day.\n\n"
        "| Country | Cost | Time |\n|---|---|---|\n"
        "| Norway | 14.90 EUR | 3-5 days |\n| Italy | 9.90 EUR | 2 days |",
    ),
    ("Can I return worn boots?", "faq", "Worn boots are refunded as store credit within 30 days."),
    ("Tents", "text", "The Fjell 2 tent sleeps two people. It weighs 1900 grams. Wash it by hand."),
    ("Opening hours", "text", "Our shop in Bergen is open from nine to five, on Saturdays until two."),
    ("Gift cards", "text", "Gift cards are valid for three years. They cannot be exchanged for cash."),
]


@pytest.fixture
def shop(acme: Database, encode: Encode) -> Database:
    for title, kind, text in SHOP:
        _add(acme, encode, title, kind, text)
    return acme


@pytest.mark.parametrize(
    ("question", "title", "words"),
    [
        ("Do you ship to Norway and what does it cost?", "Shipping", "14.90 EUR"),
        ("can i send back boots that i have used", "Can I return worn boots?", "store credit"),
        ("how heavy is the fjell?", "Tents", "1900 grams"),
        ("WHEN ARE YOU OPEN ON SATURDAY", "Opening hours", "until two"),
        ("do vouchers expire", "Gift cards", "three years"),
    ],
)
def test_the_answer_comes_first(
    shop: Database, encode: Encode, question: str, title: str, words: str
) -> None:
    hit = _search(shop, encode, question)[0]
    assert hit.title == title
    assert words in hit.text


def test_what_is_not_known_scores_low(shop: Database, encode: Encode) -> None:
    assert _search(shop, encode, "What is the capital of Peru?")[0].score < 0.3
    assert _search(shop, encode, "How much is shipping to Norway?")[0].score > 0.6


def test_the_likeliest_answer_comes_first_and_its_score_is_a_chance(shop: Database, encode: Encode) -> None:
    hits = _search(shop, encode, "What does delivery to Norway cost?")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert 0 <= hit.score <= 1
        assert 0 <= hit.lexical <= 1
        assert " ".join(sentence.text for sentence in hit.sentences) == " ".join(hit.text.split())


def test_after_the_contacts_own_case_the_knowledge_is_less_likely_to_answer(
    shop: Database, encode: Encode
) -> None:
    general = _search(shop, encode, "Do parcels to Norway arrive in three days?")[0]
    own = _search(shop, encode, "Has my parcel to Norway arrived yet?")[0]
    assert own.score < 0.5 < general.score


def test_a_word_of_near_meaning_counts_as_said(shop: Database, encode: Encode) -> None:
    assert _search(shop, encode, "How much does the tent weigh?")[0].sentences[1].score > 0.6
    assert _search(shop, encode, "Are gift vouchers exchanged for money?")[0].title == "Gift cards"


def test_the_sentence_that_says_it_fits_best(shop: Database, encode: Encode) -> None:
    question = "How many people sleep in the tent?"
    hit = _search(shop, encode, question)[0]
    best = max(hit.sentences, key=lambda sentence: sentence.score)
    assert best.text == "The Fjell 2 tent sleeps two people."


def test_a_question_is_compared_with_the_question_of_a_pair(shop: Database, encode: Encode) -> None:
    hit = _search(shop, encode, "Can I return worn boots?")[0]
    assert hit.question == "Can I return worn boots?"
    assert hit.cosine > 0.99


@pytest.mark.parametrize("question", ["", "  ", "?!…", "👍", "___"])
def test_a_question_without_a_word_finds_nothing(shop: Database, encode: Encode, question: str) -> None:
    assert _search(shop, encode, question) == []


def test_nothing_is_found_where_nothing_is_known(acme: Database, encode: Encode) -> None:
    assert _search(acme, encode, "Do you ship?") == []


def test_a_tenant_finds_only_its_own(shop: Database, rival: Database, encode: Encode) -> None:
    _add(rival, encode, "Secret prices", "text", "Rival ships to Norway for 1 EUR.")
    assert {hit.title for hit in _search(shop, encode, "ship to Norway", 50)}.isdisjoint({"Secret prices"})
    assert {hit.title for hit in _search(rival, encode, "ship to Norway", 50)} == {"Secret prices"}


def test_the_same_question_finds_the_same_in_the_same_order(shop: Database, encode: Encode) -> None:
    assert _search(shop, encode, "Norway boots tent") == _search(shop, encode, "Norway boots tent")


def test_what_was_deleted_is_found_no_more(shop: Database, encode: Encode) -> None:
    shop.write(lambda c: articles.delete(c, 1))
    assert all(hit.article_id != 1 for hit in _search(shop, encode, "Do you ship to Norway?"))


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert terms("Do you ship to NORWAY, and to Norway?") == ["ship", "norway"]
    assert terms("who are you") == ["who", "are", "you"]
    assert len(terms(" ".join(f"word{n}" for n in range(500)))) == MAX_TERMS


OPERATORS = st.lists(
    st.sampled_from(
        [
            '"',
            "*",
            "^",
            "(",
            ")",
            ":",
            "-",
            "NEAR",
            "OR",
            "AND",
            "NOT",
            "words",
            "\0",
            "'",
            ";",
            "é",
            "中",
            "ﬀ",
        ]
    )
).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.one_of(st.text(), OPERATORS))
def test_any_question_is_only_words(shop: Database, question: str) -> None:
    vector = np.full(384, 384**-0.5, np.float32)
    hits = shop.read(lambda c: search(c, question, vector))
    assert len(hits) <= 6
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def _add(db: Database, encode: Encode, title: str, kind: ArticleKind, text: str) -> None:
    article = db.write(lambda c: articles.add(c, title=title, kind=kind, text=text, source="typed", now=NOW))
    index_article(db, encode, article.id, NOW)


def _search(db: Database, encode: Encode, question: str, limit: int = 6) -> list[Hit]:
    return db.read(lambda c: search(c, question, encode([question])[0], limit))
