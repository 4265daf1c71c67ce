"""Numbers in figures and in words are the same numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.domain.quantities import quantities


def same(one: str, other: str) -> bool:
    (first,), (second,) = quantities(one), quantities(other)
    return first.says(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("three injections", "3 injections"),
        ("twelve months", "12 months"),
        ("twenty-four hours", "24 h"),
        ("two weeks", "14 days"),
        ("twelve months", "1 year"),
        ("£22.00 a month", "22 pounds"),
        ("1,000 miles", "1000 miles"),
        ("1.234,50 €", "€1234.50"),
        ("5 pm", "17:00"),
        ("5:30 pm", "17:30"),
        ("8.30 am", "8:30"),
        ("half an hour", "30 minutes"),
        ("twice a year", "two times a year"),
        ("10 %", "ten percent"),
        ("one hundred and twenty guests", "120 guests"),
    ],
)
def test_the_same_number_in_other_words(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("three injections", "2 injections"),
        ("three injections", "three months"),
        ("24 hours", "24 days"),
        ("£15", "15 %"),
        ("5 pm", "5 am"),
        ("8:30", "8:45"),
        ("€5", "$5"),
    ],
)
def test_another_number_or_another_unit(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize("text", ["this one", "half asleep", "B12 vitamins", "nobody", ""])
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert quantities(text) == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(found.says(found) for found in quantities(text))
