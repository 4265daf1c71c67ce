"""What is private is found, hidden under one mark each, and put back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.inference.llm import Private
from socialai.inference.masking import Mask, Restorer


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Mail ada.l+shop@mail.example.co.uk now", "Mail [EMAIL_1] now"),
        ("Call +1 415 555 0134 or (212) 555-0187", "Call [PHONE_1] or [PHONE_2]"),
        ("IBAN GB82 WEST 1234 5698 7654 32 please", "IBAN [IBAN_1] please"),
        ("card 5555-5555-5555-4444.", "card [CARD_1]."),
        ("order #1042 is late", "order [ORDER_1] is late"),
        ("Order number: A1042-7, again A1042-7", "Order number: [ORDER_1], again [ORDER_1]"),
        ("tracking 1Z999AA10123456784", "tracking [ORDER_1]"),
        ("my account is 20311984", "my account is [NUMBER_1]"),
        ("write to [EMAIL_7]", "write to [TEXT_1]"),
    ],
)
def test_what_is_private_is_hidden(text: str, hidden: str) -> None:
    mask = Mask()
    assert mask.hide(text) == hidden
    assert mask.restore(hidden) == text


@pytest.mark.parametrize(
    "text",
    [
        "It costs 1299.50 EUR, or 3 for 2 500 kr.",
        "Open 10:00-18:00 from 2026-11-23, at 12 Main Street.",
        "In order to ship 20 tents in 14 days (30 % off)",
    ],
)
def test_prices_dates_and_counts_stay(text: str) -> None:
    assert Mask().hide(text) == text


def test_names_are_hidden_however_they_are_written_and_only_as_words() -> None:
    mask = Mask(
        [Private("name", "Ada"), Private("name", "Ada Lovelace"), Private("street address", "7 Oak Rd")]
    )
    assert (
        mask.hide("ADA LOVELACE, Ada, Adamant, 7 oak rd") == "[NAME_1], [NAME_2], Adamant, [STREETADDRESS_1]"
    )
    assert mask.counts == {"name": 2, "streetaddress": 1}


def test_where_two_overlap_nothing_of_either_is_left() -> None:
    mask = Mask([Private("name", "Ada"), Private("address", "Oak Rd 7, call +47 22 12")])
    assert mask.hide("ada@example.org, Oak Rd 7, call +47 22 12 34 56!") == "[EMAIL_1], [ADDRESS_1]!"


@given(st.text(), st.text(min_size=2, max_size=12))
def test_every_text_comes_back_as_it_was(text: str, name: str) -> None:
    mask = Mask([Private("name", name)])
    hidden = mask.hide(f"{text} {name} [NAME_1]")
    assert mask.restore(hidden) == f"{text} {name} [NAME_1]"


@given(st.lists(st.integers(1, 9), min_size=1))
def test_a_text_in_pieces_comes_back_the_same(sizes: list[int]) -> None:
    mask = Mask()
    text = "Mail ada@example.org or [call] +1 415 555 0134 [now"
    rest, restorer, found = mask.hide(text), Restorer(mask), ""
    for size in sizes:
        found += restorer.take(rest[:size])
        rest = rest[size:]
    assert found + restorer.take(rest) + restorer.rest() == text
