import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.knowledge.words import repaired, stem

KNOWN = frozenset({"lifeguard", "battery", "delivery", "booking", "tour"})


@pytest.mark.parametrize("word", ["lifegaurd", "lifeguardd", "lifguard", "lifeguerd"])
def test_one_slip_of_the_finger_is_repaired(word: str) -> None:
    assert repaired(word, KNOWN) == "lifeguard"


@pytest.mark.parametrize("word", ["four", "batt", "lifegrds", "b4ttery", "kayak"])
def test_short_words_and_those_that_differ_more_stay(word: str) -> None:
    assert repaired(word, KNOWN) is None


@pytest.mark.parametrize(
    "words", [("booking", "booked", "books", "book"), ("close", "closes", "closed", "closing")]
)
def test_forms_of_a_word_are_one(words: tuple[str, ...]) -> None:
    assert len(set(map(stem, words))) == 1


@given(st.text(max_size=40))
def test_any_text_has_a_stem(word: str) -> None:
    assert len(stem(word)) <= len(word)
    repaired(word, KNOWN)
