"""Suggestions over pages and API; how they are found is tested with the job."""

from collections.abc import Callable
from typing import Any

from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
PAIR = {"question": "Do you repair zips?", "answer": "Yes, for 15 EUR."}


def test_a_suggestion_is_shown_with_what_was_taken_out_and_approved(client: Client, browser: Browser) -> None:
    headers = browser("adam")
    shown = client.get("/knowledge/suggestions", headers=headers).text
    assert "Do you repair zips (1001)?" in shown
    assert "Taken out: name" in shown
    client.post("/knowledge/suggestions/1/approve", headers=headers, data=PAIR)
    assert "No suggestions" in client.get("/knowledge/suggestions", headers=headers).text
    assert "Do you repair zips?" in client.get("/knowledge", headers=headers).text


def test_what_was_typed_stays_when_it_cannot_be(client: Client, browser: Browser) -> None:
    typed = {"question": "My own words?", "answer": " "}
    answer = client.post("/knowledge/suggestions/1/approve", headers=browser("adam"), data=typed)
    assert answer.status_code == 400
    assert "My own words?" in answer.text


def test_a_suggestion_is_rejected_once(client: Client, browser: Browser) -> None:
    headers = browser("adam")
    client.post("/knowledge/suggestions/1/reject", headers=headers)
    assert "No suggestions" in client.get("/knowledge/suggestions", headers=headers).text
    assert client.post("/knowledge/suggestions/1/reject", headers=headers).status_code == 409


def test_readers_decide_nothing(client: Client, browser: Browser) -> None:
    headers = browser("anna")
    assert "Approve</button>" not in client.get("/knowledge/suggestions", headers=headers).text
    assert client.post("/knowledge/suggestions/1/approve", headers=headers, data=PAIR).status_code == 403


def test_the_api_lists_approves_and_rejects(api: Callable[..., Any]) -> None:
    (found,) = api("vera", "GET", "/candidates").json()["items"]
    assert (found["state"], found["removed"]) == ("waiting", ["name"])
    article = api("adam", "POST", "/candidates/1/approve", json=PAIR)
    assert (article.status_code, article.json()["kind"]) == (201, "faq")
    assert api("adam", "POST", "/candidates/1/reject").status_code == 409
    assert api("vera", "GET", "/candidates?which=approved").json()["items"][0]["article_id"] == 2
