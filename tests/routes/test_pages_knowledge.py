"""Knowledge: reading, adding, changing, uploading, trying."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.user import User
from socialai.jobs.index import index
from socialai.routes.pages.knowledge_quote import marked
from socialai.store import articles
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]


@pytest.fixture
def file(app: App) -> Any:
    return app.files.tenant("acme")


@pytest.fixture
def titles(file: Any) -> Callable[[], list[str]]:
    return lambda: [article.title for article in file.read(articles.articles)]


def test_the_list_says_what_is_indexed_and_why_not(
    client: Client, browser: Browser, app: App, file: Any
) -> None:
    headers = browser("olga")
    assert "Being indexed" in client.get("/knowledge", headers=headers).text
    index(app, "acme", 1)
    assert "1 passage" in client.get("/knowledge", headers=headers).text
    file.write(lambda db: articles.set_index_error(db, 1, "There are no words in it to find."))
    assert "There are no words in it" in client.get("/knowledge", headers=headers).text


def test_a_text_is_added(client: Client, browser: Browser, titles: Callable[[], list[str]]) -> None:
    data = {"kind": "text", "title": "Hours", "text": "We open at 10."}
    answer = client.post("/knowledge", headers=browser("adam"), data=data, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/knowledge")
    assert titles()[0] == "Hours"


def test_questions_and_answers_are_added_as_pairs(client: Client, browser: Browser, file: Any) -> None:
    data = {
        "kind": "faq",
        "title": "FAQ",
        "question": ["When are you open?", "", "Where?"],
        "answer": ["At 10.", "", "Bergen."],
    }
    client.post("/knowledge", headers=browser("adam"), data=data)
    assert file.read(articles.articles)[0].kind == "faq"
    text = file.read(lambda db: articles.get(db, 2)).text
    assert text == "Q: When are you open?\nA: At 10.\n\nQ: Where?\nA: Bergen."


def test_one_question_alone_is_a_pair_too(client: Client, browser: Browser, file: Any) -> None:
    data = {"kind": "faq", "title": "FAQ", "question": "Where?", "answer": "Bergen."}
    client.post("/knowledge", headers=browser("adam"), data=data)
    assert file.read(lambda db: articles.get(db, 2)).text == "Q: Where?\nA: Bergen."


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: Client, browser: Browser) -> None:
    data = {"kind": "text", "title": " ", "text": "We open at <10>."}
    answer = client.post("/knowledge", headers=browser("adam"), data=data)
    assert answer.status_code == 400
    assert "An article needs a title and a text." in answer.text
    assert "We open at &lt;10&gt;." in answer.text
    pairs = {"kind": "faq", "title": "", "question": "Where?", "answer": "Bergen."}
    again = client.post("/knowledge", headers=browser("adam"), data=pairs)
    assert 'value="Where?"' in again.text
    assert "Bergen." in again.text


def test_an_article_is_changed_and_deleted(
    client: Client, browser: Browser, file: Any, titles: Callable[[], list[str]]
) -> None:
    headers = browser("adam")
    client.post("/knowledge/1", headers=headers, data={"title": "Delivery", "text": "8 EUR."})
    assert file.read(lambda db: articles.get(db, 1)).text == "8 EUR."
    refused = client.post("/knowledge/1", headers=headers, data={"title": "Delivery", "text": ""})
    assert refused.status_code == 400
    client.post("/knowledge/1/delete", headers=headers)
    assert titles() == []


def test_several_files_each_say_what_came_of_them(
    client: Client, browser: Browser, titles: Callable[[], list[str]]
) -> None:
    files = [
        ("files", ("returns.md", b"# Returns\n\nReturns take 30 days.", "text/markdown")),
        ("files", ("hours.csv", b"question,answer\nWhen?,At 10.\n", "text/csv")),
        ("files", ("broken.pdf", b"%PDF-1.7 not really", "application/pdf")),
    ]
    answer = client.post("/knowledge/files", headers={**browser("adam"), "hx-request": "true"}, files=files)
    assert answer.status_code == 200
    assert answer.text.count("Added as") == 2
    assert "cannot be read" in answer.text
    assert "Returns" in titles()


def test_one_file_alone_and_none_at_all(client: Client, browser: Browser) -> None:
    headers = {**browser("adam"), "hx-request": "true"}
    one = [("files", ("a.txt", b"We open at 10.", "text/plain"))]
    assert "Added as" in client.post("/knowledge/files", headers=headers, files=one).text
    nothing = [("other", ("a.txt", b"x", "text/plain"))]
    assert "Added as" not in client.post("/knowledge/files", headers=headers, files=nothing).text


def test_the_search_shows_hits_scores_and_the_sentence(client: Client, browser: Browser, app: App) -> None:
    index(app, "acme", 1)
    text = client.get("/knowledge/search", headers=browser("vera"), params={"q": "ship to Norway"}).text
    assert "<mark" in text
    for shown in ("Meaning", "Words", "Shipping 1001"):
        assert shown in text
    weak = client.get("/knowledge/search", headers=browser("vera"), params={"q": "purple elephants"}).text
    assert "not quoted" in weak
    assert "<article" not in client.get("/knowledge/search", headers=browser("vera")).text


def test_the_quoted_sentence_is_marked_in_its_article(client: Client, browser: Browser) -> None:
    quote = {"quote": "We ship to Norway"}
    assert (
        '<mark id="quote">We ship to Norway</mark>'
        in client.get("/knowledge/1", headers=browser("vera"), params=quote).text
    )


@pytest.mark.parametrize(
    ("text", "quote", "pieces"),
    [
        ("One. Two. Three.", "Two.", ["One. ", "Two.", " Three."]),
        ("One. Two\n  words. Three.", "Two words.", ["One. ", "Two\n  words.", " Three."]),
        ("One (1)? Two.", "One (1)?", ["One (1)?", " Two."]),
        ("One.", "Four.", ["One."]),
        ("One.", "", ["One."]),
    ],
)
def test_a_quote_is_found_over_lines(text: str, quote: str, pieces: list[str]) -> None:
    found = marked(text, quote)
    assert [piece.text for piece in found] == pieces
    assert [piece.text for piece in found if piece.is_quote] in ([], [pieces[text.find(quote[:3]) > 0]])


def test_readers_cannot_change_it(client: Client, browser: Browser) -> None:
    headers = browser("anna")
    assert client.post("/knowledge", headers=headers, data={"title": "x", "text": "y"}).status_code == 403
    assert client.post("/knowledge/1/delete", headers=headers).status_code == 403
    assert "Write a text" not in client.get("/knowledge", headers=headers).text


def test_when_an_article_applies_is_set_shown_and_filtered(
    client: Client, browser: Browser, file: Any, person: Callable[[str], User]
) -> None:
    headers = browser("adam")
    offer = {"kind": "text", "title": "Offer", "text": "Tents cost 99 EUR.", "valid_until": "2026-11-22"}
    client.post("/knowledge", headers=headers, data=offer)
    assert "1 article expired" in client.get("/knowledge", headers=headers).text
    part = client.get("/knowledge?which=expired", headers=headers | {"hx-request": "true"}).text
    assert "Offer" in part
    assert "Shipping" not in part
    assert "22 Nov 2026 was its last day" in client.get("/knowledge/2", headers=headers).text
    assert 'value="2026-11-22"' in client.get("/knowledge/2/edit", headers=headers).text
    adam = person("adam").id
    client.post(
        "/knowledge/2", headers=headers, data=offer | {"valid_until": "2026-12-01", "owner_id": str(adam)}
    )
    changed = file.read(lambda db: articles.get(db, 2))
    assert (changed.valid_until.isoformat(), changed.owner_id) == ("2026-12-02T00:00:00+00:00", adam)
    shown = client.get("/knowledge", headers=headers).text
    assert "looked after by adam" in shown
    assert "will expire within two weeks" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_until": "soon"},
        {"valid_until": "9999-12-31"},
        {"valid_from": "2026-12-02", "valid_until": "2026-12-01"},
    ],
)
def test_days_that_are_none_are_said_and_nothing_is_lost(
    client: Client, browser: Browser, wrong: dict[str, str]
) -> None:
    typed = {"kind": "text", "title": "Offer", "text": "Tents cost 99 EUR.", **wrong}
    answer = client.post("/knowledge", headers=browser("adam"), data=typed)
    assert answer.status_code == 400
    assert "Tents cost 99 EUR." in answer.text
    assert "Offer" not in client.get("/knowledge", headers=browser("adam")).text


def test_an_owner_is_somebody_of_the_team(
    client: Client, browser: Browser, person: Callable[[str], User]
) -> None:
    data = {"title": "Shipping", "text": "x", "owner_id": str(person("rita").id)}
    answer = client.post("/knowledge/1", headers=browser("adam"), data=data)
    assert answer.status_code == 400


def test_an_article_whose_page_is_gone_says_so_until_a_person_decides(
    client: Client, browser: Browser, file: Any, app: App
) -> None:
    file.write(lambda db: articles.set_gone(db, 1, app.clock()))
    headers = browser("olga")
    assert "not there any more" in client.get("/knowledge", headers=headers).text
    assert "Keep it" in client.get("/knowledge/1", headers=headers).text
    assert client.post("/knowledge/1/keep", headers=headers).status_code == 200
    assert "Keep it" not in client.get("/knowledge/1", headers=headers).text
