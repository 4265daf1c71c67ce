"""The playground: asking without consequences, and the test cases kept from it."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from socialai.actions import engines
from socialai.context import App
from socialai.domain.engine import RemoteEngine
from socialai.jobs.examine import examine
from socialai.security.permissions import operator
from socialai.store import cases
from tests import cast
from tests.conftest import Wire
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
QUESTION = {"question": "What does shipping to Norway cost?", "platform": "facebook"}
CASE = {
    **QUESTION,
    "answerable": "yes",
    "facts": "9 EUR\r\n\r\nNorway",
    "must_not": "",
    "article": "Shipping 1001",
}


@pytest.fixture
def file(app: App) -> Any:
    app.tasks.run("index", "acme", 1)
    return app.files.tenant("acme")


def test_a_question_shows_the_reply_its_evidence_and_what_was_understood(
    client: Client, browser: Browser, file: Any, app: App
) -> None:
    before = cast.rows(app.files.path("acme"))
    headers = browser("vera")
    shown = client.post("/playground", headers=headers | {"hx-request": "true"}, data=QUESTION).text
    assert 'class="said"' in shown
    assert "Shipping 1001" in shown
    assert "Sentences of your knowledge" in shown
    assert "Where the time went" in shown
    assert "Save as a test case" not in shown
    whole = client.post("/playground", headers=headers, data=QUESTION).text
    assert "<nav" in whole
    assert cast.rows(app.files.path("acme")) == before


def test_what_a_language_model_was_told_is_shown(
    client: Client, browser: Browser, file: Any, app: App, wire: Wire
) -> None:
    headers = browser("olga") | {"hx-request": "true"}
    assert "You use no language model" in client.post("/playground", headers=headers, data=QUESTION).text
    said = {"answerable": True, "sentences": [{"text": "Shipping to Norway is 9 EUR.", "source": 1}]}
    choice = {"message": {"content": json.dumps(said)}, "finish_reason": "stop"}
    wire.answer = lambda _: httpx.Response(200, json={"choices": [choice]})
    engines.choose(app, operator("acme"), RemoteEngine("https://models.example.com/v1", "small"))
    assert "It was not asked" in client.post("/playground", headers=headers, data=QUESTION).text
    two = {**QUESTION, "question": "Do you ship to Norway? And what does shipping to Norway cost?"}
    shown = client.post("/playground", headers=headers, data=two).text
    assert "You write answers for the customer service" in shown
    assert "&lt;evidence&gt;\n1. Shipping 1001: We ship to Norway for 9 EUR" in shown
    assert "Shipping to Norway is 9 EUR." in shown


def test_what_cannot_be_asked_is_said(client: Client, browser: Browser) -> None:
    for typed in ({"question": " ", "platform": "facebook"}, {"question": "x", "platform": "fax"}):
        answer = client.post("/playground", headers=browser("vera"), data=typed)
        assert answer.status_code == 200
        assert 'role="alert"' in answer.text


def test_html_in_a_question_is_text(client: Client, browser: Browser) -> None:
    typed = {"question": "<script>alert(1)</script>", "platform": "facebook"}
    assert "<script>alert" not in client.post("/playground", headers=browser("adam"), data=typed).text


def test_a_case_is_saved_run_changed_downloaded_and_deleted(
    client: Client, browser: Browser, file: Any, app: App
) -> None:
    headers = browser("adam")
    client.post("/playground/cases", headers=headers, data=CASE)
    kept = file.read(cases.cases)[0]
    assert kept.wanted.facts == ("9 EUR", "Norway")
    client.post("/playground/cases/run", headers=headers)
    assert "2 still to be asked" in client.get("/playground/cases", headers=headers).text
    examine(app, "acme", 0)
    shown = " ".join(client.get("/playground/cases", headers=headers).text.split())
    assert "answered with every fact: 1 of 1" in shown
    assert "found first" in shown
    changed = client.post(f"/playground/cases/{kept.id}", headers=headers, data=CASE | {"facts": "12 EUR"})
    assert changed.status_code == 200
    examine(app, "acme", 0)
    lines = client.get("/playground/cases.jsonl", headers=headers).text.splitlines()
    assert len(lines) == 2
    assert '"12 EUR"' in lines[1]
    client.post(f"/playground/cases/{kept.id}/delete", headers=headers)
    assert len(file.read(cases.cases)) == 1


def test_a_case_that_is_no_good_comes_back_with_what_was_typed(client: Client, browser: Browser) -> None:
    answer = client.post("/playground/cases", headers=browser("adam"), data=CASE | {"article": "Moon"})
    assert answer.status_code == 400
    assert "No article is called “Moon”" in answer.text
    assert "9 EUR" in answer.text


def test_readers_look_and_change_nothing(client: Client, browser: Browser) -> None:
    headers = browser("vera")
    assert "Run all" not in client.get("/playground/cases", headers=headers).text
    for path in ("", "/run", "/stop", "/1", "/1/delete"):
        assert client.post(f"/playground/cases{path}", headers=headers, data=CASE).status_code == 403
