"""What a sentence says exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.domain.facts import facts, stem

WEEK = {"monday", "tuesday", "wednesday", "thursday", "friday"}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Closed on Wednesdays.", {"wednesday"}),
        ("Monday to Friday", WEEK),
        ("Mon-Wed", {"monday", "tuesday", "wednesday"}),
        ("Saturday to Monday", {"saturday", "sunday", "monday"}),
        ("on weekdays", WEEK),
        ("every day", {*WEEK, "saturday", "sunday"}),
        ("in February and June", {"february", "june"}),
        ("the sun was out and they wed", set()),
    ],
)
def test_days_and_months(text: str, days: set[str]) -> None:
    assert facts(text).days == days


@pytest.mark.parametrize(
    ("text", "denials"),
    [
        ("We don't ship.", 1),
        ("We cannot ship.", 1),
        ("We ship.", 0),
        ("No longer.", 1),
        ("Delivery at no charge.", 0),
    ],
)
def test_what_denies(text: str, denials: int) -> None:
    assert facts(text).denials == denials


def test_a_number_in_a_link_is_no_number() -> None:
    found = facts("See shop.example/item/42 or write to a7@shop.example.")
    assert found.numbers == ()
    assert found.links == ("shop.example/item/42", "a7@shop.example")


@pytest.mark.parametrize(
    ("one", "other"),
    [("vaccinated", "vaccinations"), ("stopped", "stops"), ("deliveries", "delivery"), ("prices", "price")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_being_closed_is_not_closing_at_one() -> None:
    assert stem("closed") != stem("closes")
    assert "closed" in facts("We are not open on Sunday.").words


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert facts(text) == facts(text)
