import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.domain.matching import plain_form, says

SAID = [
    ("It costs 42 pounds.", "£42"),
    ("It costs £ 42.00, paid at the desk", "£42"),
    ("GBP 1,200 a year", "£1200"),
    ("Das kostet 14,90 €.", "€14.90"),
    ("We close at 8.30 pm on Wednesdays", "20:30"),
    ("We open at 08:30", "8:30 am"),
    ("from 8:30 – 19:00", "8:30 to 19:00"),
    ("within 24–120 hours", "24 to 120"),
    ("15 per cent off", "15 %"),
    ("six evenings", "6"),
    ("We’re   **closed**\non Sundays", "we're closed on sunday"),
    ("No deposits are needed", "deposit"),
    ("We do not open on Sundays", "closed|not open"),
]
NOT_SAID = [
    ("It costs £420", "£42"),
    ("It costs £42.50", "£42"),
    ("It costs £142", "42"),
    ("until 20:30", "20"),
    ("until 18:30", "8:30"),
    ("The undeposited sum", "deposit"),
    ("We are open", "closed|not open"),
    ("anything", " | "),
]


@pytest.mark.parametrize(("reply", "fact"), SAID)
def test_a_fact_counts_however_it_is_written(reply: str, fact: str) -> None:
    assert says(reply, fact)


@pytest.mark.parametrize(("reply", "fact"), NOT_SAID)
def test_another_number_or_word_is_another_fact(reply: str, fact: str) -> None:
    assert not says(reply, fact)


@given(st.text(max_size=200))
def test_whatever_is_compared_has_one_plain_form_and_says_itself(text: str) -> None:
    plain = plain_form(text)
    assert "  " not in plain
    assert not plain or "|" in text or says(text, text)
