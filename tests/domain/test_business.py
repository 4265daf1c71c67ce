"""Opening hours: what may be entered, and how they are told."""

import pytest

from socialai.domain.business import Business, Hours, check_hours, check_zone, hours_text
from socialai.errors import InvalidInput


def test_days_alike_are_told_together() -> None:
    office, short = Hours("09:00", "17:00"), Hours("10:00", "14:00")
    week = (office, office, office, office, short, None, None)
    assert hours_text(Business(week=week)) == (
        "We are open Monday to Thursday from 09:00 to 17:00. "
        "We are open Friday from 10:00 to 14:00. Saturday to Sunday: closed."
    )


@pytest.mark.parametrize(("opens", "closes"), [("09:00", ""), ("", "17:00"), ("17:00", "09:00"), ("9", "9")])
def test_hours_that_cannot_be_are_refused_with_their_day(opens: str, closes: str) -> None:
    with pytest.raises(InvalidInput, match="Tuesday"):
        check_hours("Tuesday", opens, closes)


def test_an_unknown_time_zone_is_refused() -> None:
    assert check_zone("Europe/Oslo") == "Europe/Oslo"
    with pytest.raises(InvalidInput, match="Europe/Oslo"):
        check_zone("Middle/Earth")
