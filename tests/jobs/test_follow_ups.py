"""Questions that only make sense after what was said before, on the product's whole way."""

import pytest

from socialai.actions import articles
from socialai.security.permissions import operator
from tests.jobs.desk import Desk

HOURS = (
    "The shop is open Monday to Friday from 10:00 to 18:30.\n"
    "On Saturdays the shop is open from 9:30 to 16:00.\n"
    "The shop is closed on Sundays."
)
JACKET = (
    "The Skerry rain jacket costs 249 EUR.\n"
    "The Skerry comes in navy and rust, in sizes S to XL.\n"
    "The Skerry weighs 410 grams."
)
DOWN = "The Fulmar down jacket costs 289 EUR.\nThe Fulmar comes in black, slate blue and ochre."
SHIPPING = "\n".join(
    f"Standard shipping to {country} costs {price} EUR and takes {days} working days."
    for country, price, days in (("Norway", "14.90", "5 to 7"), ("Sweden", "9.90", "4 to 6"))
)


@pytest.fixture
def shop(desk: Desk) -> Desk:
    known = (
        ("Opening hours", HOURS),
        ("Skerry rain jacket", JACKET),
        ("Fulmar down jacket", DOWN),
        ("Shipping costs", SHIPPING),
    )
    for title, text in known:
        articles.add(desk.app, operator("acme"), title, "text", text, "test")
    desk.wait(1)
    desk.auto()
    return desk


def answered(shop: Desk, *said: str, contact: str = "8001") -> str:
    """What is answered to the last of them, or drafted for a person."""
    for text in said:
        shop.says(text, contact)
        shop.wait(30)
    return shop.replies(contact)[-1].text


@pytest.mark.parametrize(
    ("talk", "wanted"),
    [
        (("What are your opening hours?", "What about Saturday?"), "9:30 to 16:00"),
        (("What are your opening hours?", "What about Saturday?", "and Sunday?"), "closed on Sundays"),
        (("Do you have the Skerry rain jacket in navy?", "how much is it?"), "249 EUR"),
        (("Do you have the Skerry rain jacket in navy?", "and in rust?"), "navy and rust"),
        (("What does shipping to Norway cost?", "and to Sweden?"), "9.90 EUR"),
        (("What does shipping to Norway cost?", "and to Sweden?", "how long does that take?"), "4 to 6"),
        (("What does shipping to Norway cost?", "thanks!", "and to Sweden?"), "9.90 EUR"),
    ],
    ids=lambda one: one[-1] if isinstance(one, tuple) else "",
)
def test_a_follow_up_is_answered_from_what_it_goes_on_from(
    shop: Desk, talk: tuple[str, ...], wanted: str
) -> None:
    assert wanted in answered(shop, *talk)


def test_a_follow_up_says_only_what_is_asked_now(shop: Desk) -> None:
    said = answered(shop, "What are your opening hours?", "What about Saturday?")
    assert "18:30" not in said
    assert "Sundays" not in said


def test_what_only_another_thing_has_is_no_answer(shop: Desk) -> None:
    """The Fulmar comes in blue, the Skerry does not."""
    said = answered(shop, "Do you have the Skerry rain jacket in navy?", "and in blue?")
    assert "Fulmar" not in said
    assert shop.conversation().state == "escalated"


def test_a_new_question_is_not_read_as_a_follow_up(shop: Desk) -> None:
    said = answered(shop, "What are your opening hours?", "How much does the Fulmar down jacket cost?")
    assert "289 EUR" in said
    assert "open" not in said


def test_one_contacts_words_are_no_context_of_anothers(shop: Desk) -> None:
    answered(shop, "Do you have the Skerry rain jacket in navy?", contact="8001")
    said = answered(shop, "how much is it?", contact="8002")
    assert "EUR" not in said
    assert shop.conversation("8002").state == "escalated"


def test_after_the_days_of_memory_nothing_goes_on(shop: Desk) -> None:
    answered(shop, "Do you have the Skerry rain jacket in navy?")
    shop.clock.wait(days=8)
    said = answered(shop, "how much is it?")
    assert "EUR" not in said
