"""What a text looks like: emoji are read aloud, capitals and signs counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.inference.surface import FEATURES, in_words, surface


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is it?", "Where is it?"),
        ("Love it 😍😍😍😍!", "Love it  love love !"),
        ("👎🏽 not again", " bad  not again"),
        ("❤️", " love "),
        ("🦆", " duck "),
        ("🇳🇴", ""),
        ("schöne Grüße", "schöne Grüße"),
    ],
)
def test_emoji_are_named(text: str, words: str) -> None:
    assert in_words(text) == words


def test_shouting_and_whispering_look_different() -> None:
    assert surface("WHERE IS MY ORDER") != surface("where is my order")
    assert surface("where is it!!!") != surface("where is it")


@given(st.text(st.characters(), max_size=300))
def test_any_text_has_finite_features(text: str) -> None:
    found = surface(text)
    assert len(found) == FEATURES
    assert all(0 <= value < 6 for value in found)
    assert isinstance(in_words(text), str)


def test_only_emoji_stay_short() -> None:
    assert len(in_words("😂" * 2000)) < 40
