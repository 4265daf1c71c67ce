"""A tenant's own intents: taught, trained, tried out and forgotten on their pages."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.store import custom_intents
from tests import cast
from tests.inference.test_intents import EXAMPLES
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
Post = Callable[..., Any]
Look = Callable[..., str]
HIRING = ["are you hiring?", "any open positions?", "I want to work for you", "jobs?", "got a job for me?"]


@pytest.fixture
def acme(ids: dict[str, cast.Ids]) -> cast.Ids:
    return ids["acme"]


@pytest.fixture
def known(app: App) -> Callable[[], dict[str, int]]:
    """How many examples each intent has."""
    file = app.files.tenant("acme")
    return lambda: {intent.name: intent.examples for intent in file.read(custom_intents.intents)}


@pytest.fixture
def post(client: Client, browser: Browser) -> Post:
    def send(path: str, data: Any = None, person: str = "adam", **more: Any) -> Any:
        headers = browser(person) | more.pop("headers", {})
        return client.post(
            f"/intents{path}", headers=headers, data=data or {}, follow_redirects=False, **more
        )

    return send


@pytest.fixture
def look(client: Client, browser: Browser) -> Look:
    def get(path: str = "", person: str = "vera") -> str:
        answer = client.get(f"/intents{path}", headers=browser(person))
        assert answer.status_code == 200
        return str(answer.text)

    return get


def form(name: str, texts: list[str], handling: str = "usual") -> dict[str, str]:
    return {"name": name, "handling": handling, "examples": "\r\n".join(texts)}


@pytest.fixture
def trained(post: Post) -> None:
    for label, texts in EXAMPLES.items():
        post("", form(f"Kind {label}", texts))
    post("/train")


def test_an_intent_is_made_of_pasted_lines(post: Post, look: Look, known: Any) -> None:
    made = post("", form("Jobs", ["", *HIRING], "escalate"))
    assert made.status_code == 303
    assert known()["Jobs"] == 5
    text = look(made.headers["location"].removeprefix("/intents"))
    for shown in ("are you hiring?", "A person, always", "5 examples"):
        assert shown in text


def test_too_few_examples_are_refused_and_what_was_typed_stays(
    post: Post, known: Any, acme: cast.Ids
) -> None:
    entered = form("Jobs", HIRING[:2], "auto") | {"message_ids": acme.message_id}
    answer = post("", entered)
    assert answer.status_code == 400
    assert "Give at least 5 different examples; there are 3." in answer.text
    for kept in ('value="Jobs"', "are you hiring?", 'value="auto" checked', "Do you ship to Norway?"):
        assert kept in answer.text
    assert "Jobs" not in known()


def test_a_name_that_is_taken_is_said_beside_the_field(post: Post, acme: cast.Ids) -> None:
    assert "There is an intent" in post("", form("wholesale 1001", HIRING)).text
    post("", form("Jobs", HIRING))
    answer = post(f"/{acme.intent_id}", form("Jobs", []))
    assert answer.status_code == 400
    assert "There is an intent" in answer.text


def test_a_handling_that_is_none_is_refused(post: Post) -> None:
    assert post("", form("Jobs", HIRING, "never")).status_code == 400


def test_messages_that_people_wrote_are_found_and_become_examples(
    post: Post, look: Look, known: Any, acme: cast.Ids
) -> None:
    assert "Do you ship to Norway?" in look("/messages?q=norway", "adam")
    assert "No message holds these words" in look("/messages?q=zebra", "adam")
    post(f"/{acme.intent_id}/examples", {"message_ids": acme.message_id})
    assert known()["Wholesale 1001"] == 5
    assert "from the inbox" in look(f"/{acme.intent_id}")
    assert "Do you ship to Norway?" not in look("/messages?q=norway", "adam")


def test_examples_are_added_and_removed(post: Post, known: Any, acme: cast.Ids) -> None:
    path = f"/{acme.intent_id}/examples"
    assert post(path, {"examples": "We need 80\nWe need 90"}).status_code == 303
    assert known()["Wholesale 1001"] == 6
    assert post(f"{path}/{acme.example_id}/delete").status_code == 303
    assert known()["Wholesale 1001"] == 5
    assert post(f"{path}/{acme.example_id}/delete").status_code == 404


def test_an_example_of_another_intent_is_refused_and_kept_in_the_field(post: Post, acme: cast.Ids) -> None:
    post("", form("Jobs", HIRING))
    answer = post(f"/{acme.intent_id}/examples", {"examples": "We need 80\njobs?"})
    assert answer.status_code == 400
    assert "Another intent has this example already" in answer.text
    assert "We need 80\njobs?</textarea>" in answer.text


def test_renamed_and_deleted(post: Post, known: Any, acme: cast.Ids) -> None:
    assert post(f"/{acme.intent_id}", {"name": "Bulk", "handling": "escalate"}).status_code == 303
    assert list(known()) == ["Bulk"]
    assert post(f"/{acme.intent_id}/delete").headers["location"] == "/intents"
    assert known() == {}


def test_without_any_the_page_says_what_they_are_for(post: Post, look: Look, acme: cast.Ids) -> None:
    post(f"/{acme.intent_id}/delete")
    assert "No intents of your own yet" in look()


def test_what_is_missing_before_it_can_learn_is_said(post: Post, look: Look) -> None:
    assert "1 more example needed" in look()
    assert "One more to go" in look()
    refused = post("/train", headers={"hx-request": "true"})
    assert refused.status_code == 400
    assert "two intents" in refused.text


@pytest.mark.usefixtures("trained")
def test_trained_it_says_how_well_and_what_confuses_it(look: Look, post: Post) -> None:
    text = look()
    assert "% recognised" in text
    assert "were recognised when they were hidden" in text
    post("", form("Jobs", HIRING))
    assert "Being learnt" in look()
    assert "Being learnt" not in post("/train", headers={"hx-request": "true"}).text


@pytest.mark.usefixtures("trained")
def test_a_text_is_tried_out(look: Look) -> None:
    text = look("/try?q=are you hiring?")
    assert "Kind 1" in text
    assert "% sure" in text
    assert "None of yours" in look("/try?q=my parcel is broken")
    assert "None of yours" not in look("/try?q=  ")


def test_a_sheet_is_taken_or_refused_whole(post: Post, known: Any) -> None:
    rows = "\n".join(f"Repair,my {thing} is broken" for thing in ("tent", "stove", "bike", "boot", "lamp"))
    headers = {"hx-request": "true"}
    sheet = {"file": ("intents.csv", f"intent,text\n{rows}\n".encode(), "text/csv")}
    assert "There are 2 intents with 9 examples now" in post("/files", files=sheet, headers=headers).text
    assert known()["Repair"] == 5
    odd = {"file": ("intents.csv", b"a,b\n1,2", "text/csv")}
    assert "has to name the columns" in post("/files", files=odd, headers=headers).text
    assert post("/files", files=odd).status_code == 400
    assert post("/files", files=sheet).status_code == 303


def test_who_may_not_teach_sees_and_tries_only(
    client: Client, browser: Browser, post: Post, look: Look, acme: cast.Ids
) -> None:
    for person in ("anna", "vera"):
        assert "Wholesale 1001" in look("", person)
        assert "New intent" not in look("", person)
        assert "Delete this intent" not in look(f"/{acme.intent_id}", person)
        assert look("/try?q=hello", person)
        for path in ("", "/train", f"/{acme.intent_id}", f"/{acme.intent_id}/delete"):
            assert post(path, {}, person).status_code == 403
        for path in ("/new", "/messages?q=Norway"):
            assert client.get(f"/intents{path}", headers=browser(person)).status_code == 403
