"""What a contact tells of themselves, and when they ask to be forgotten."""

import time

import pytest

from socialai.agents.entities import find_entities
from socialai.agents.remember import asks_to_be_forgotten, told
from tests.agents.turns import NOW
from tests.odd_texts import ODD


def found(text: str) -> set[tuple[str, str]]:
    entities = find_entities(text, region="IE", order_patterns=(), products=(), now=NOW)
    return {(one.kind, one.value) for one in told(text, entities)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hello, my name is Ada Lovelace and I need help.", "Ada Lovelace"),
        ("Hi, I'm Ada. Where is my parcel?", "Ada"),
        ("This is Jean-Luc Picard speaking, do you ship to France?", "Jean-Luc Picard"),
        ("Good morning, I am Ludwig van Beethoven from Bonn", "Ludwig van Beethoven"),
        ("Where is my order?\nKind regards\nGrace Hopper", "Grace Hopper"),
    ],
)
def test_a_name_they_give_is_kept(text: str, name: str) -> None:
    assert ("name", name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm angry, this is Awful.",
        "Hi, I'm Interested in the tent.",
        "My name is on the parcel.",
        "This is Great!",
        "I am Norwegian, do you ship there?",
        "Do you know Ada Lovelace?",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    assert not [value for kind, value in found(text) if kind == "name"]


def test_order_numbers_and_wishes_are_kept_in_their_own_words() -> None:
    text = "My order is #55123. I'd prefer a delivery on Saturdays. Do you always wear a hat?"
    assert found(text) == {
        ("order_number", "55123"),
        ("preference", "I'd prefer a delivery on Saturdays."),
    }


@pytest.mark.parametrize(
    "text",
    ["Would you prefer cash?", "I never got my parcel.", "I am allergic to nuts.", "Which size is it?"],
)
def test_questions_complaints_and_health_are_not_kept(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Please delete my data.",
        "I want you to erase all of my personal information!",
        "remove everything you have about me",
        "I have the right to be forgotten",
        "Forget everything about me",
    ],
)
def test_who_asks_to_be_forgotten_is_heard(text: str) -> None:
    assert asks_to_be_forgotten(text)


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password",
        "Don't forget my order please",
        "Please do not delete my data",
        "Can you delete my order?",
        "Forget what I said, I take two.",
        "Did you remove everything from the box?",
    ],
)
def test_who_asks_for_something_else_is_not_forgotten(text: str) -> None:
    assert not asks_to_be_forgotten(text)


@pytest.mark.parametrize(
    "text", [*ODD.values(), "I'm a " * 5000, "my name is A" + "a" * 5000, "delete " * 2000]
)
def test_no_text_takes_long_or_tells_too_much(text: str) -> None:
    started = time.process_time()
    for one in told(text, ()):
        assert 0 < len(one.value) <= 200
    asks_to_be_forgotten(text)
    assert time.process_time() - started < 1
