"""The inbox: saying what a message is, and taking that back."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.actions import intents
from socialai.context import App
from socialai.security.permissions import operator
from socialai.store import conversations, corrections, custom_intents
from tests import cast
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
Say = Callable[..., Any]


@pytest.fixture
def acme(ids: dict[str, cast.Ids]) -> cast.Ids:
    return ids["acme"]


@pytest.fixture
def file(app: App) -> Any:
    return app.files.tenant("acme")


@pytest.fixture
def say(client: Client, browser: Browser, acme: cast.Ids) -> Say:
    def send(name: str = "anna", deed: str = "correct", conversation: int = 1, **data: object) -> Any:
        headers = browser(name) | {"hx-request": "true"}
        said = {"message_id": acme.message_id, **data}
        return client.post(f"/inbox/{conversation}/{deed}", headers=headers, data=said)

    return send


def test_each_message_shows_what_it_was_taken_for(client: Client, browser: Browser) -> None:
    text = client.get("/inbox/1", headers=browser("anna")).text
    assert 'data-fix="intent" data-message="1" data-value="sales"' in text
    assert 'id="fix-urgency"' in text
    watched = client.get("/inbox/1", headers=browser("vera")).text
    assert "data-fix" not in watched
    assert 'id="fix-' not in watched


def test_corrected_it_says_by_whom_and_what_it_was(say: Say, file: Any) -> None:
    text = say(intent="inquiry").text
    assert "corrected by anna" in text
    assert "Intent: <s>sales</s> → <b>inquiry</b>" in text
    assert file.read(lambda db: conversations.get(db, 1)).intent == "inquiry"


def test_the_next_correction_leaves_the_one_before(say: Say, file: Any, acme: cast.Ids) -> None:
    say(intent="inquiry")
    say(urgency="high")
    meant = file.read(lambda db: corrections.find(db, acme.message_id)).meant
    assert (meant.intent, meant.urgency) == ("inquiry", "high")


def test_all_right_is_kept_too(say: Say) -> None:
    assert "confirmed by anna" in say().text


def test_undone_it_is_as_it_was_understood(say: Say, file: Any) -> None:
    say(intent="spam")
    assert "corrected by" not in say(deed="take-back").text
    assert file.read(lambda db: conversations.get(db, 1)).intent == "sales"
    assert say(deed="take-back").status_code == 404


def test_what_somebody_types_meanwhile_is_left_alone(say: Say) -> None:
    assert "composer-zone" not in say(intent="spam").text


def test_the_list_stays_as_it_was_filtered(say: Say) -> None:
    assert 'name="view" value="waiting"' in say(intent="spam", view="waiting").text


def test_only_who_answers_corrects(say: Say) -> None:
    assert say("vera", intent="spam").status_code == 403
    assert say("vera", deed="take-back").status_code == 403


@pytest.mark.parametrize("odd", [{"intent": "refund"}, {"mood": "blue"}, {"urgency": "now"}, {"own": "-1"}])
def test_what_is_none_of_the_choices_is_refused(say: Say, odd: dict[str, str]) -> None:
    assert say("olga", **odd).status_code == 400


def test_a_message_of_another_conversation_is_not_found(say: Say, ids: dict[str, cast.Ids]) -> None:
    assert say(message_id=ids["rival"].message_id, intent="spam").status_code == 404
    assert say(conversation=99, intent="spam").status_code == 404


def test_one_of_your_own_makes_it_an_example_and_shows_everywhere(
    say: Say, client: Client, browser: Browser, file: Any, acme: cast.Ids
) -> None:
    text = say("olga", own=acme.intent_id).text
    assert "Wholesale 1001, as a person said" in text
    assert file.read(lambda db: custom_intents.get(db, acme.intent_id)).examples == 5
    found = client.get(f"/inbox?about={acme.intent_id}", headers=browser("anna")).text
    assert "Ada Lovelace" in found
    assert "Ada Lovelace" not in client.get("/inbox?about=999", headers=browser("anna")).text


def test_it_can_be_another_or_none_of_them(say: Say, app: App, file: Any, acme: cast.Ids) -> None:
    other = intents.add(app, operator("acme"), "Shipping abroad", "usual", list("abcde"))
    say("olga", own=acme.intent_id)
    say("olga", own=other.id)
    assert file.read(lambda db: custom_intents.by_conversation(db, 1)) == {acme.message_id: other.id}
    assert "Shipping abroad, as a person" not in say("olga", own=0).text
    assert file.read(lambda db: custom_intents.by_conversation(db, 1)) == {acme.message_id: None}


def test_agents_teach_no_intents(say: Say, acme: cast.Ids) -> None:
    assert say("anna", own=acme.intent_id).status_code == 403


def test_the_list_is_filtered_by_what_it_is_about(say: Say, client: Client, browser: Browser) -> None:
    headers = browser("anna")
    say(intent="support")
    assert "Ada Lovelace" in client.get("/inbox?about=support", headers=headers).text
    spam = client.get("/inbox?about=spam", headers=headers).text
    assert "Ada Lovelace" not in spam
    assert "Nothing found" in spam
    assert "Ada Lovelace" in client.get("/inbox?about=nonsense", headers=headers).text
