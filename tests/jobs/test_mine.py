"""Suggestions from what people answered: nothing private in them, nothing added by itself."""

import pytest

from socialai.actions import candidates as actions
from socialai.actions import conversations as talking
from socialai.domain.candidate import Candidate
from socialai.errors import Conflict, InvalidInput
from socialai.jobs.mine import mine
from socialai.store import articles, candidates
from tests.jobs.desk import Desk

QUESTION = "Hi, do you repair broken zips on old tents?"
ANSWER = "Hello Ada, yes, we repair zips for 15 EUR within a week. Kind regards, olga"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The cast's own suggestion is of no use here."""
    desk.db.write(lambda db: db.execute("delete from faq_candidate"))
    return desk


def talked(desk: Desk, question: str = QUESTION, answer: str = ANSWER, contact: str = "8001") -> None:
    desk.says(question, contact)
    desk.wait(30)
    desk.writes(answer, contact)
    desk.wait(30)
    talking.resolve(desk.app, desk.olga, desk.conversation(contact).id)


def mined(desk: Desk) -> list[Candidate]:
    mine(desk.app, "acme", 0)
    return desk.db.read(candidates.candidates)


def test_what_a_person_answered_and_resolved_is_suggested_without_who_it_was(desk: Desk) -> None:
    talked(desk)
    (found,) = mined(desk)
    assert found.question == "Do you repair broken zips on old tents?"
    assert found.answer == "Yes, we repair zips for 15 EUR within a week."
    assert desk.db.read(lambda db: len(articles.articles(db))) == 1


def test_what_is_not_resolved_is_not_looked_at(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(30)
    desk.writes(ANSWER)
    assert mined(desk) == []


def test_private_things_are_taken_out_and_said(desk: Desk) -> None:
    question = "Can you tell me how to return a tent? I am ada@example.com, +47 400 12 345"
    answer = "Put it in any box and write to returns@acme.example, then call 415-555-0132 to have it fetched."
    talked(desk, question, answer)
    (found,) = mined(desk)
    for private in ("ada@example.com", "400 12 345", "returns@acme.example", "555"):
        assert private not in found.question + found.answer
    assert set(found.removed) == {"email", "phone"}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where is my parcel?", "Your order #10552 left our warehouse yesterday evening."),
        ("Where is my parcel?", "Can you tell me your order number, please?"),
        ("Where is my parcel?", "Let me look."),
        ("thank you!", "You are very welcome, have a nice day with your new tent."),
        ("parcel broken", "We are sorry to hear that and send another one at once."),
    ],
)
def test_what_helps_nobody_else_is_not_suggested(desk: Desk, question: str, answer: str) -> None:
    talked(desk, question, answer)
    assert mined(desk) == []


def test_nothing_is_suggested_twice(desk: Desk) -> None:
    talked(desk)
    (found,) = mined(desk)
    actions.reject(desk.app, desk.olga, found.id)
    talking.reopen(desk.app, desk.olga, found.conversation_id)
    talking.resolve(desk.app, desk.olga, found.conversation_id)
    assert mined(desk) == []


def test_what_is_approved_is_an_article_as_the_person_wrote_it(desk: Desk) -> None:
    talked(desk)
    (found,) = mined(desk)
    article = actions.approve(desk.app, desk.olga, found.id, "Do you repair zips?", "Yes, for 15 EUR.")
    assert (article.kind, article.text) == ("faq", "Q: Do you repair zips?\nA: Yes, for 15 EUR.")
    assert desk.db.read(candidates.candidates) == []
    with pytest.raises(Conflict):
        actions.approve(desk.app, desk.olga, found.id, "Do you repair tents?", "Yes, for 25 EUR.")
    assert desk.db.read(lambda db: len(articles.articles(db))) == 2


def test_an_approval_without_an_answer_is_none(desk: Desk) -> None:
    talked(desk)
    (found,) = mined(desk)
    with pytest.raises(InvalidInput):
        actions.approve(desk.app, desk.olga, found.id, "Do you repair zips?", "  ")


def test_the_sweep_finds_what_no_bell_told(desk: Desk) -> None:
    talked(desk)
    desk.bells.lose()
    desk.sweep()
    assert ("mine", "acme", 0) in [bell[2:] for bell in desk.bells.waiting]
