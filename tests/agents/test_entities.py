"""What is found in a message, and what only looks like it."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.agents.entities import find_entities
from socialai.agents.order_patterns import compile_order_pattern
from socialai.errors import InvalidInput

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday
PRODUCTS = ["Blue Tent", "Blue Tent XL", "Fjord Stove"]


def found(text: str, region: str = "NO", patterns: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    entities = find_entities(text, region=region, order_patterns=patterns, products=PRODUCTS, now=NOW)
    return [(entity.kind, entity.value) for entity in entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is my order 10482?", ("order_number", "10482")),
        ("order number: 10482", ("order_number", "10482")),
        ("any news on #10482 please", ("order_number", "10482")),
        ("status of nw-10482", ("order_number", "NW-10482")),
        ("Order no 77-4432 status?", ("order_number", "77-4432")),
        ("mail me at Anna.K@Example.org.", ("email", "anna.k@example.org")),
        ("call me on 41 23 45 67", ("phone", "+4741234567")),
        ("my number is +44 20 7946 0958", ("phone", "+442079460958")),
        ("it was 49,90 €", ("amount", "49.90 EUR")),
        ("you took $1,299.5 twice", ("amount", "1299.50 USD")),
        ("NOK 12.500 for that?", ("amount", "12500.00 NOK")),
        ("12 euros", ("amount", "12.00 EUR")),
        ("can it be here on 2026-12-01?", ("date", "2026-12-01")),
        ("Do you deliver tomorrow?", ("date", "2026-11-24")),
        ("is the blue  tent xl waterproof", ("product", "Blue Tent XL")),
        ("FJORD STOVE!", ("product", "Fjord Stove")),
    ],
)
def test_a_message_names_one_thing(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "I would like to order 5000 boxes",
        "we are open 24/7 since 2019",
        "try 5 of them",
        "bluetents",
        "see you at 10",
        "a @ b . c",
        "",
    ],
)
def test_nothing_is_found_where_nothing_is_named(text: str) -> None:
    assert found(text) == []


def test_phone_numbers_and_prices_are_not_orders() -> None:
    assert found("order 49.90 EUR") == [("amount", "49.90 EUR")]
    assert found("order? 0171 2345678", region="DE") == [("phone", "+491712345678")]
    assert found("order 41234567") == [("order_number", "41234567")]


def test_a_message_names_several_things_in_its_own_order() -> None:
    text = "Blue Tent from order #10482 cost 89 EUR, write to kari@example.no"
    assert [kind for kind, _ in found(text)] == ["product", "order_number", "amount", "email"]


def test_a_tenants_own_pattern_replaces_the_usual_ones() -> None:
    assert found("AB12345 and #10482", patterns=(r"\bAB\d+\b",)) == [("order_number", "AB12345")]
    assert found("ref 77/18", patterns=(r"ref (?P<order>\d+/\d+)",)) == [("order_number", "77/18")]


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?x)(a+) +b",
        r"(?x:(a+) +)b",
        r"(a+)+$",
        r"(a|aa)+$",
        r"(?:\d*)*x",
        r"(\d)\1",
        r"\d*\d*\d*\d*x",
        r"(",
        r"a{1,5000}",
        r"x*",
        "a" * 201,
    ],
)
def test_a_pattern_that_is_wrong_or_could_hang_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput):
        compile_order_pattern(pattern)


def test_the_worst_pattern_allowed_ends_in_time() -> None:
    started = time.thread_time()
    found("1" * 100_000, patterns=(r"\d*\d*\d+x",))
    assert time.thread_time() - started < 3


@given(st.text(max_size=300), st.sampled_from(["NO", "DE", "US", "", "??"]))
def test_any_text_is_read_and_every_find_is_in_it(text: str, region: str) -> None:
    entities = find_entities(text, region=region, order_patterns=(), products=PRODUCTS, now=NOW)
    places = [text.index(entity.text) for entity in entities]
    assert len(places) == len(entities)
    assert all(entity.text and entity.value for entity in entities)


def test_a_pattern_whose_meaning_may_change_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not a regular expression"):
        compile_order_pattern("[[a]1")


@given(st.from_regex(r"[\(\)\d a-c|*+?{},\[\]\\]{1,30}"), st.text(alphabet="abc1 ", max_size=200))
def test_any_pattern_is_refused_or_ends(pattern: str, text: str) -> None:
    try:
        compile_order_pattern(pattern)
    except InvalidInput:
        return
    started = time.perf_counter()
    find_entities(text, region="NO", order_patterns=(pattern,), products=(), now=NOW)
    assert time.perf_counter() - started < 3
