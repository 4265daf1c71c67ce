"""Dates as people name them, on a Monday, the 23rd of November 2026."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.agents.dates import find_dates

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def found(text: str, region: str = "NO") -> list[tuple[str, str]]:
    return [(text[date.start : date.end], date.value) for date in find_dates(text, region=region, now=NOW)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I need it tomorrow", ("tomorrow", "2026-11-24")),
        ("it came yesterday", ("yesterday", "2026-11-22")),
        ("the day after tomorrow please", ("the day after tomorrow", "2026-11-25")),
        ("a table on Saturday", ("Saturday", "2026-11-28")),
        ("can you deliver next Friday?", ("next Friday", "2026-11-27")),
        ("waiting since Monday", ("since Monday", "2026-11-16")),
        ("promised last Tuesday", ("last Tuesday", "2026-11-17")),
        ("in 3 days we leave", ("in 3 days", "2026-11-26")),
        ("ordered two weeks ago", ("two weeks ago", "2026-11-09")),
        ("free on the 28th?", ("on the 28th", "2026-11-28")),
        ("12 May would suit us", ("12 May", "2027-05-12")),
        ("is May 12th free", ("May 12th", "2027-05-12")),
        ("bought on 3rd of March 2026", ("3rd of March 2026", "2026-03-03")),
        ("until 24.12. please", ("24.12.", "2026-12-24")),
        ("on 05/12/2026", ("05/12/2026", "2026-12-05")),
        ("arrives 5/12/26?", ("5/12/26", "2026-12-05")),
        ("2026-12-01", ("2026-12-01", "2026-12-01")),
    ],
)
def test_a_day_is_found_and_counted_from_now(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I ordered on Monday and nothing came", "2026-11-16"),
        ("we ate at yours Saturday and got ill", "2026-11-21"),
        ("It was delivered on Friday", "2026-11-20"),
        ("On Thursday I paid the deposit", "2026-11-19"),
        ("Friday your driver left it outside", "2026-11-20"),
        ("picked up the bike on the 20th", "2026-11-20"),
        ("bought it 12 May", "2026-05-12"),
        ("I ordered a cake for Saturday", "2026-11-28"),
        ("I paid and it should be here by Friday", "2026-11-27"),
        ("we booked a table on Saturday", "2026-11-28"),
        ("I called before. Can you come on Friday", "2026-11-27"),
        ("I was hoping to visit on Saturday", "2026-11-28"),
        ("Saturday we would like a table", "2026-11-28"),
    ],
)
def test_what_somebody_did_lies_behind_and_what_they_want_ahead(text: str, value: str) -> None:
    assert [day for _, day in found(text)] == [value]


def test_in_america_the_month_comes_first() -> None:
    assert found("on 5/12/2026", region="US") == [("5/12/2026", "2026-05-12")]


@pytest.mark.parametrize(
    "text",
    [
        "it costs 24.12 EUR",
        "version 3.5.2",
        "order 10482",
        "the 2nd time this happens",
        "on the 2nd floor",
        "the 2nd hand camera",
        "are you open Monday to Friday?",
        "mon-fri",
        "31 June",
        "06.12.34.56.78",
        "I sat down in the sun",
        "10-12 days",
        "",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert found(text) == []


def test_several_days_in_their_order_and_no_more_than_five() -> None:
    assert [value for _, value in found("I was told Monday, then Wednesday, now Saturday")] == [
        "2026-11-30",
        "2026-11-25",
        "2026-11-28",
    ]
    assert len(found("tomorrow " * 100)) == 5


@given(st.text(max_size=200) | st.from_regex(r"[0-9./ \-a-z]{1,40}"))
def test_any_text_can_be_read(text: str) -> None:
    assert all(text for text, _ in found(text))
