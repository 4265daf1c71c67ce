"""Articles, files, search and ask over the API, with the real models."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.jobs.index import index_article

Api = Callable[..., Any]
HOURS = {"title": "Hours", "text": "We are open from 9 to 17 on weekdays."}


@pytest.fixture
def learn(app: App) -> Callable[[int], None]:
    """What the hub's own worker does when it is woken for an article."""
    database = app.files.tenant("acme")
    return lambda article_id: index_article(database, app.models.encode, article_id, app.clock())


def test_an_article_is_added_changed_and_removed(api: Api) -> None:
    added = api("adam", "POST", "/articles", json=HOURS)
    assert added.status_code == 201
    article = added.json()
    assert (article["kind"], article["source"]) == ("text", "written by adam")
    path = f"/articles/{article['id']}"
    changed = api("adam", "PUT", path, json=HOURS | {"text": "Open from 8."}).json()
    assert changed["text"] == "Open from 8."
    assert api("vera", "GET", path).json()["text"] == "Open from 8."
    assert api("adam", "DELETE", path).status_code == 204
    assert api("vera", "GET", path).status_code == 404


def test_the_same_article_twice_is_a_conflict(api: Api) -> None:
    assert api("adam", "POST", "/articles", json=HOURS).status_code == 201
    assert api("adam", "POST", "/articles", json=HOURS).status_code == 409


def test_pairs_become_questions_and_answers(api: Api) -> None:
    pairs = [{"question": "Do you wrap gifts?", "answer": "Yes, for 3 EUR."}]
    article = api("adam", "POST", "/articles", json={"title": "FAQ", "pairs": pairs}).json()
    assert (article["kind"], article["text"]) == ("faq", "Q: Do you wrap gifts?\nA: Yes, for 3 EUR.")


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Both", "text": "a", "pairs": [{"question": "q", "answer": "a"}]},
        {"title": "None"},
        {"text": "x"},
    ],
)
def test_an_article_is_either_text_or_pairs(api: Api, body: dict[str, Any]) -> None:
    assert api("adam", "POST", "/articles", json=body).status_code == 400


def test_articles_are_listed_and_looked_through(api: Api) -> None:
    api("adam", "POST", "/articles", json=HOURS)
    first = api("vera", "GET", "/articles?limit=1").json()
    assert first["items"][0]["title"] == "Hours"
    second = api("vera", "GET", f"/articles?limit=1&cursor={first['next']}").json()
    assert (second["items"][0]["title"], second["next"]) == ("Shipping 1001", None)
    assert len(api("vera", "GET", "/articles?words=weekdays").json()["items"]) == 1


def test_a_file_becomes_an_article(api: Api) -> None:
    made = api(
        "adam",
        "POST",
        "/articles/files",
        files={"file": ("faq.md", b"# Gifts\n\nWe wrap gifts.", "text/plain")},
    )
    assert made.status_code == 201
    assert (made.json()["title"], made.json()["kind"], made.json()["source"]) == (
        "Gifts",
        "markdown",
        "faq.md",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"files": {"file": ("a.pdf", b"%PDF-1.4 broken")}},
        {"files": {"file": ("a.txt", b"")}},
        {"files": {"other": ("a.txt", b"text")}},
        {"data": {"file": "text"}},
        {"content": b"--x"},
    ],
    ids=["damaged", "empty", "another field", "no file", "no form"],
)
def test_a_file_that_is_none_is_refused_in_words(api: Api, more: dict[str, Any]) -> None:
    answer = api("adam", "POST", "/articles/files", **more)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:socialai:invalid-input")


def test_a_body_over_the_limit_is_too_large(app: App, api: Api) -> None:
    answer = api("adam", "POST", "/articles", content=b"x" * (app.settings.max_upload_bytes + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:socialai:too-large")


def test_search_finds_what_was_learnt_with_its_scores(api: Api, learn: Callable[[int], None]) -> None:
    learn(1)
    hits = api("vera", "GET", "/search", params={"q": "shipping to Norway"}).json()["items"]
    assert hits[0]["title"] == "Shipping 1001"
    assert 0 < hits[0]["score"] <= 1
    assert hits[0]["sentences"]


def test_ask_answers_from_the_knowledge_and_keeps_nothing(
    app: App, api: Api, learn: Callable[[int], None]
) -> None:
    learn(1)
    answer = api("vera", "POST", "/ask", json={"question": "What does shipping to Norway cost?"}).json()
    assert "9 EUR" in answer["reply"]
    assert [source["article_id"] for source in answer["metadata"]["sources"]] == [1]
    assert {"intent", "confidence", "lead_score", "lead_temperature", "should_escalate"} <= answer.keys()
    assert answer["metadata"]["processing_time_ms"] > 0
    assert len(api("vera", "GET", "/conversations/1").json()["turns"]) == 1


@pytest.mark.parametrize("body", [{"question": ""}, {"question": " "}, {"question": "x" * 4001}, {}])
def test_a_question_that_is_none_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert api("vera", "POST", "/ask", json=body).status_code == 400


def test_ask_for_a_platform_that_is_not_here(api: Api) -> None:
    assert api("vera", "POST", "/ask", json={"question": "Hi?", "platform": "myspace"}).status_code == 404
