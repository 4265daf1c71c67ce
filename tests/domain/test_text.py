import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialai.domain.text import CUT, shorten, split

unhurried = settings(deadline=None)
"""How long one example takes depends on what else this machine does."""

ANSWER = "We ship to Norway. Dr. Berg says it takes 3.5 days! Is that all right for you?"
LIMITS = st.integers(1, 120)
PROSE = st.lists(
    st.sampled_from(
        [
            "We ship.",
            "Dr. Berg",
            "is",
            "Norge!",
            "3.50",
            "kr",
            "\n\n",
            "- ett",
            "見る。",
            "🙂",
            "e.g.",
            "Pneumonoultra",
            "https://x.no/a?b=1.",
        ]
    ),
    max_size=60,
).map(" ".join)
TEXTS = PROSE | st.text()


def test_a_text_that_fits_is_left_alone() -> None:
    assert shorten(ANSWER, len(ANSWER)) == ANSWER
    assert split(ANSWER, len(ANSWER)) == [ANSWER]


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        (77, "We ship to Norway. Dr. Berg says it takes 3.5 days!"),
        (50, "We ship to Norway."),
        (18, "We ship to Norway."),
    ],
)
def test_a_text_is_shortened_to_whole_sentences(limit: int, kept: str) -> None:
    assert shorten(ANSWER, limit) == kept


def test_a_first_sentence_too_long_is_cut_at_a_word_and_shows_it() -> None:
    assert shorten(ANSWER, 17) == "We ship to…"


def test_one_huge_word_is_all_that_is_cut_inside() -> None:
    assert shorten("x" * 50, 10) == "x" * 9 + CUT
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_a_split_text_breaks_between_sentences() -> None:
    assert split(ANSWER, 60) == [
        "We ship to Norway. Dr. Berg says it takes 3.5 days!",
        "Is that all right for you?",
    ]


def test_a_split_text_keeps_its_paragraphs_inside_a_piece() -> None:
    assert split("One.\n\nTwo. Three is a long one.", 10) == ["One.\n\nTwo.", "Three is a", "long one."]


@pytest.mark.parametrize("empty", ["", " ", "\n\t "])
def test_nothing_stays_nothing(empty: str) -> None:
    assert shorten(empty, 5) == ""
    assert split(empty, 5) == []


@unhurried
@given(TEXTS, LIMITS)
def test_no_piece_is_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert all(0 < len(piece) <= limit for piece in split(text, limit))


@unhurried
@given(TEXTS, LIMITS)
def test_split_loses_nothing_but_space(text: str, limit: int) -> None:
    assert "".join("".join(split(text, limit)).split()) == "".join(text.split())


@unhurried
@given(TEXTS, LIMITS)
def test_shortened_text_is_how_the_text_begins(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert text.strip().startswith(short) or text.strip().startswith(short.removesuffix(CUT))


@unhurried
@given(TEXTS, LIMITS)
def test_no_word_that_fits_is_cut(text: str, limit: int) -> None:
    pieces, rest = split(text, limit), text.strip()
    for piece in pieces[:-1]:
        rest = rest[len(piece) :]
        if piece[-1].isalnum() and rest[0].isalnum():
            assert len(piece.split()) == 1
            assert len(piece) == limit
        rest = rest.lstrip()


@unhurried
@given(PROSE, LIMITS)
def test_a_shorter_limit_never_keeps_more(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= max(len(shorten(text, limit + 1)), limit)
