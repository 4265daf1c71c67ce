"""Unanswered questions over pages and API; how they are gathered is tested with the job."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.store import gaps
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]


@pytest.fixture
def file(app: App) -> Any:
    return app.files.tenant("acme")


def test_gaps_are_listed_and_dismissed_and_opened_again(client: Client, browser: Browser) -> None:
    headers = browser("adam")
    shown = client.get("/knowledge/gaps", headers=headers).text
    assert "Do you sell gift cards (1001)?" in shown
    assert "Unanswered <b>1</b>" in " ".join(shown.split())
    client.post("/knowledge/gaps/1/dismiss", headers=headers)
    assert "Nothing was asked in vain" in client.get("/knowledge/gaps", headers=headers).text
    assert "gift cards" in client.get("/knowledge/gaps?which=dismissed", headers=headers).text
    client.post("/knowledge/gaps/1/reopen", headers=headers)
    assert "gift cards" in client.get("/knowledge/gaps", headers=headers).text


def test_one_click_begins_the_article_with_the_question(client: Client, browser: Browser, file: Any) -> None:
    headers = browser("adam")
    form = client.get("/knowledge/new?gap=1", headers=headers).text
    assert 'value="Do you sell gift cards (1001)?"' in form
    assert 'name="gap_id" value="1"' in form
    typed = {"kind": "faq", "title": "Gift cards", "question": "Gift cards?", "answer": "Yes.", "gap_id": "1"}
    answer = client.post("/knowledge", headers=headers, data=typed, follow_redirects=False)
    assert answer.headers["location"] == "/knowledge/gaps"
    assert file.read(lambda db: gaps.get(db, 1)).article_id == 2


def test_what_tells_who_asked_is_not_in_the_new_article(
    client: Client, browser: Browser, file: Any, app: App
) -> None:
    text = "My order #10552 came broken, write to ada@example.com"
    gap_id = file.write(lambda db: gaps.add(db, text, bytes(1536), app.clock()))
    form = client.get(f"/knowledge/new?gap={gap_id}", headers=browser("adam")).text
    assert "ada@example.com" not in form
    assert "10552" not in form


def test_a_gap_that_is_not_there_makes_no_article(client: Client, browser: Browser) -> None:
    assert client.get("/knowledge/new?gap=99", headers=browser("adam")).status_code == 404
    typed = {"kind": "text", "title": "Gift cards", "text": "Yes.", "gap_id": "99"}
    assert client.post("/knowledge", headers=browser("adam"), data=typed).status_code == 400


def test_readers_see_and_change_nothing(client: Client, browser: Browser) -> None:
    headers = browser("vera")
    assert "Write the article" not in client.get("/knowledge/gaps", headers=headers).text
    assert client.post("/knowledge/gaps/1/dismiss", headers=headers).status_code == 403


def test_the_api_dismisses_and_opens_and_closes_by_an_article(api: Callable[..., Any]) -> None:
    (first,) = api("vera", "GET", "/gaps").json()["items"]
    assert (first["asked"], first["gap"]["state"]) == (1, "open")
    assert api("adam", "POST", "/gaps/1/dismiss").json()["state"] == "dismissed"
    assert api("vera", "GET", "/gaps").json()["items"] == []
    assert api("adam", "POST", "/gaps/1/reopen").json()["state"] == "open"
    article = {"title": "Gift cards", "text": "We sell them.", "gap_id": 1}
    assert api("adam", "POST", "/articles", json=article).status_code == 201
    assert api("vera", "GET", "/gaps").json()["items"][0]["gap"]["article_id"] == 2
    assert api("adam", "POST", "/articles", json=article | {"text": "Other.", "gap_id": 9}).status_code == 404
