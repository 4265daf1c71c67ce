"""What no source says is a doubt, of each kind that can be checked exactly."""

import pytest

from socialai.agents.check import check, doubts
from socialai.domain.reply import Source
from socialai.domain.triage import Understanding
from tests.agents.turns import tools, triage, turn

SAID = "We ship to Norway for 14.90 EUR in 3-5 days. See https://shop.example/ship, ask help@shop.example."


@pytest.mark.parametrize(
    ("reply", "doubt"),
    [
        ("It costs 14.90 EUR.", []),
        ("It costs 15.90 EUR.", ["number: 15.90"]),
        ("It takes 3-5 days.", []),
        ("It takes 2 days.", ["number: 2"]),
        ("We ship to Norway.", []),
        ("We ship to Sweden.", ["name: Sweden"]),
        ("See https://shop.example/ship.", []),
        ("See https://evil.example/ship.", ["link: https://evil.example/ship."]),
        ("Write to help@shop.example.", []),
        ("Write to boss@shop.example.", ["link: boss@shop.example."]),
    ],
)
def test_numbers_links_and_names_must_be_in_the_sources(reply: str, doubt: list[str]) -> None:
    assert list(doubts(reply, [SAID])) == doubt
    assert list(doubts(reply, ["", *SAID.split("See ")])) == doubt


def test_the_voice_and_the_contacts_name_are_known() -> None:
    known = turn("hi", reply="Hi Ada, how can we help?", sources=(Source(1, 1, "t", 0.9, SAID),))
    assert check(known, tools(Understanding("inquiry", 0.9, triage().sentiment, "low"))).doubts == ()
