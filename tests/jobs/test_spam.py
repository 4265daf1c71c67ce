"""Spam is answered by nobody and makes nobody a lead, whoever it says it is from. Written for this test."""

import pytest

from socialai.domain.lead import Lead
from socialai.store import contacts, leads
from tests.jobs.desk import Desk

PHISHING = (
    "Meta Support: Your page has been reported for copyright violation and will be unpublished in 24 hours. "
    "Appeal here: https://meta-appeal-center.example",
    "Dear page owner, this is the Facebook Security Team. We detected unusual activity. Verify your account "
    "at fb-verify.example or it will be permanently disabled.",
    "Your Business Account is scheduled for deletion due to a trademark infringement. Confirm who you are: "
    "https://business-help.example/case/88213",
    "Instagram Help Center: Your verified badge is ready! Log in at ig-badge.example to claim it today",
)


def lead(desk: Desk, contact: str = "8001") -> Lead | None:
    contact_id = desk.conversation(contact).contact_id
    return desk.db.read(lambda db: leads.find(db, contact_id))


@pytest.mark.parametrize("text", PHISHING)
def test_who_pretends_to_be_the_platform_gets_no_answer_and_is_no_lead(desk: Desk, text: str) -> None:
    desk.auto()
    desk.says(text)
    desk.wait(10)
    assert desk.conversation().intent == "spam"
    assert desk.page.sent == []
    assert lead(desk) is None


def test_spam_raises_no_lead_and_what_it_says_of_itself_is_not_kept(desk: Desk) -> None:
    desk.auto()
    desk.says("Do you ship to Norway and what does it cost?")
    desk.wait(10)
    before = lead(desk)
    assert before is not None
    desk.says("Double your bitcoin in one day! Guaranteed profit, write to rich@crypto-coach.example now")
    desk.wait(10)
    assert desk.conversation().intent == "spam"
    assert lead(desk) == before
    contact_id = desk.conversation().contact_id
    assert desk.db.read(lambda db: contacts.get(db, contact_id)).email is None


def test_a_question_makes_a_lead(desk: Desk) -> None:
    desk.says("Do you ship to Norway and what does it cost?")
    desk.wait(10)
    assert lead(desk) is not None
