"""A tenant that answers in several languages: each message gets what is written in its own."""

import pytest

from socialai.actions import articles
from socialai.agents.prompts.answer import system
from socialai.domain.policy import Policy, Voice
from socialai.jobs.index import index_article
from socialai.security.permissions import operator
from tests.jobs.desk import EASY, Desk

GERMAN = "Der Versand nach Schweden kostet 11 EUR und dauert vier Werktage. Wir liefern mit der Post."
ENGLISH = "Shipping to Sweden costs 12 EUR and takes five working days. The post brings it to your door."


def code(desk: Desk, text: str) -> str:
    return desk.mind.language(text).code


@pytest.fixture
def desk_of_two(desk: Desk) -> Desk:
    for title, text in (("Versand", GERMAN), ("Shipping", ENGLISH)):
        article = articles.add(desk.app, operator("acme"), title, "text", text, "test")
        index_article(desk.db, desk.mind.encode, article.id, desk.clock(), lambda said: code(desk, said))
    voice = Voice(languages=("en", "de"), signature="Your acme team")
    desk.set(Policy(rules=EASY, voice=voice, evidence=0.2))
    return desk


def test_a_message_is_answered_from_what_is_written_in_its_language(desk_of_two: Desk) -> None:
    desk_of_two.says("Was kostet der Versand nach Schweden und wie lange dauert er?", "8001")
    desk_of_two.says("What does shipping to Sweden cost and how long does it take?", "8002")
    desk_of_two.wait(30)
    german, english = desk_of_two.draft("8001").text, desk_of_two.draft("8002").text
    assert "11 EUR" in german
    assert "12 EUR" not in german
    assert "acme team" not in german  # the tenant's own words are in its first language
    assert "12 EUR" in english
    assert "11 EUR" not in english
    assert english.endswith("Your acme team")


def test_the_language_model_is_told_which() -> None:
    assert "Write in English." in system(Voice())
    both = system(Voice(languages=("en", "de")))
    assert "Write in the language of the evidence: English or German." in both
