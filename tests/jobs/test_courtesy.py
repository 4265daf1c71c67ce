"""What asks for no facts is answered in the tenant's own words, which claim nothing."""

import re

import pytest

from socialai.agents.small_talk import courtesy
from socialai.domain.policy import Policy, Voice, templates
from socialai.store import turns
from tests.jobs.desk import EASY, Desk


def answered(desk: Desk, text: str) -> tuple[str, str]:
    """(what is said or drafted, the outcome)"""
    desk.says(text)
    desk.wait(30)
    conversation = desk.conversation()
    turn = desk.db.read(lambda db: turns.find_latest(db, conversation.id))
    assert turn is not None
    reply = desk.replies()[-1].text if desk.replies() and turn.outcome != "silent" else ""
    return reply, turn.outcome


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hello!", "greeting"),
        ("good morning everyone", "greeting"),
        ("Thanks a lot", "thanks"),
        ("👍", "thanks"),
        ("❤️😊", "thanks"),
        ("Hi, how are you?", "small_talk"),
        ("how's it going", "small_talk"),
        ("Hope you are well!", "small_talk"),
        ("Have a great weekend!", "small_talk"),
        ("Are you a bot?", "about_me"),
        ("am I talking to a real person or a robot?", "about_me"),
        ("Hey, who are you?", "about_me"),
        ("what’s your name?", "about_me"),
        ("How are your boots sewn?", None),
        ("Are you a shop?", None),
        ("What's up with my order?", None),
        ("Can I talk to a person?", None),
        ("😡", None),
        ("thanks, but when does it arrive?", None),
        ("", None),
    ],
)
def test_a_polite_word_is_told_from_a_question(text: str, kind: str | None) -> None:
    assert courtesy(text) == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello!", Voice().welcome),
        ("Hi, how are you?", Voice().small_talk),
        ("Are you a bot?", Voice().about_me),
        ("best recipe for lasagna", Voice().off_topic),
        ("what do you think about the election", Voice().off_topic),
    ],
)
def test_each_has_its_own_words_and_needs_no_person(desk: Desk, text: str, said: str) -> None:
    desk.auto()
    reply, outcome = answered(desk, text)
    assert reply.endswith(said)
    assert outcome == "auto"


def test_the_words_are_the_tenants(desk: Desk) -> None:
    desk.auto()
    voice = Voice(small_talk="All well at the harbour!", off_topic="", about_me="")
    desk.set(Policy(rules=EASY, voice=voice))
    assert answered(desk, "how are you?")[0].endswith("All well at the harbour!")
    assert answered(desk, "are you a robot?") == ("", "silent")
    said, outcome = answered(desk, "best recipe for lasagna")
    assert outcome == "escalated"
    assert voice.cannot_answer in said


def test_what_could_be_asked_of_a_shop_goes_to_a_person(desk: Desk) -> None:
    desk.auto()
    assert answered(desk, "Do you have vegan shoes?")[1] == "escalated"


def test_thanks_are_answered_once_where_no_person_has_to_approve_it(desk: Desk) -> None:
    assert answered(desk, "thanks!") == ("", "silent")
    desk.auto()
    assert "9 EUR" in answered(desk, "Do you ship to Norway and what does it cost?")[0]
    assert answered(desk, "thanks!") == (Voice().thanks, "auto")
    assert answered(desk, "thank you!") == ("", "silent")


def test_what_is_said_by_default_claims_nothing() -> None:
    facts = re.compile(r"\d|https?:|www\.|@|\b(?:free|always|guarantee\w*|price|discount)\b", re.IGNORECASE)
    assert not any(facts.search(text) for text in templates(Voice()))


def test_a_word_for_everything_is_within_the_platforms_limit(desk: Desk) -> None:
    long = "We are glad that you ask. " * 11
    desk.set(Policy(rules=EASY, voice=Voice(small_talk=long.strip())))
    assert len(answered(desk, "how are you?")[0]) <= 500
