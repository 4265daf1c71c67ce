import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.knowledge.chunk import MAX_PASSAGE, MAX_SENTENCE, chunk, sentences

GUIDE = """# Shipping

We ship to Norway and Sweden. Orders before 14:00 leave the same day.

## Prices

| Country | Cost | Delivery time |
|---|---|---|
| Norway | 14.90 EUR | 3-5 days |
| Sweden | 9.90 EUR | |

Heavier parcels cost more:

1. Up to 20 kg: 5 EUR
2. Up to 30 kg: see [our page](https://shop.example/heavy)

## Pick up
"""


def test_a_passage_stands_under_its_headings_without_the_title() -> None:
    passages = chunk("markdown", "Shipping", GUIDE)
    assert [passage.heading for passage in passages] == ["", "Prices › Country", "Prices", "Pick up"]


def test_a_table_row_keeps_its_headers() -> None:
    table = chunk("markdown", "Shipping", GUIDE)[1]
    assert table.text == "Norway: cost 14.90 EUR, delivery time 3-5 days\nSweden: cost 9.90 EUR"


def test_a_list_keeps_its_numbers_and_its_links() -> None:
    steps = chunk("markdown", "Shipping", GUIDE)[2]
    assert steps.text.splitlines() == [
        "Heavier parcels cost more:",
        "1. Up to 20 kg: 5 EUR",
        "2. Up to 30 kg: see our page (https://shop.example/heavy)",
    ]


def test_a_heading_with_nothing_under_it_can_be_found() -> None:
    assert chunk("markdown", "Shipping", GUIDE)[3].text == "Pick up"


def test_a_single_pair_is_one_passage_with_its_question() -> None:
    (passage,) = chunk("faq", "Do you ship to Norway?", "Yes, for 14.90 EUR.")
    assert (passage.question, passage.text, passage.heading) == (
        "Do you ship to Norway?",
        "Yes, for 14.90 EUR.",
        "",
    )


def test_each_pair_of_a_text_is_a_passage_and_what_stands_outside_is_kept() -> None:
    text = "Ask us anything.\n\nQ: Do you ship?\nA: Yes.\nDaily.\n\nQ: Do you repair?\n\n"
    text += "Q: Gift cards?\nA: - Paper\n- Digital"
    passages = [(passage.question, passage.text) for passage in chunk("faq", "Questions", text)]
    assert passages == [
        (None, "Ask us anything."),
        ("Do you ship?", "Yes. Daily."),
        (None, "Do you repair?"),
        ("Gift cards?", "Paper\nDigital"),
    ]


def test_a_long_answer_repeats_its_question() -> None:
    passages = chunk("faq", "How do I wash it?", "Wash it by hand in cold water. " * 60)
    assert len(passages) > 1
    assert {passage.question for passage in passages} == {"How do I wash it?"}


def test_abbreviations_prices_and_numbers_end_no_sentence() -> None:
    text = (
        "It costs approx. 5.50 EUR incl. tax. 14. July is a holiday. Dr. Berg answers. Ask www.shop.example."
    )
    assert sentences(text) == [
        "It costs approx. 5.50 EUR incl. tax.",
        "14. July is a holiday.",
        "Dr. Berg answers.",
        "Ask www.shop.example.",
    ]


def test_markup_like_words_do_not_vanish() -> None:
    text = "Use <b>size</b> & 2 * 3 * 4.\n\n[note]: see below\n\n    indented words\n\n```\ncode words\n```"
    joined = " ".join(passage.text for passage in chunk("text", "Odd", text))
    assert (
        " ".join(joined.split()) == "Use <b>size</b> & 2 * 3 * 4. [note]: see below indented words code words"
    )


@pytest.mark.parametrize("mark", ["[", "![", "*a ", "`", "<", "> ", "- a\n", "| a ", "(", "a | b\n--|--\n"])
def test_marks_without_end_take_no_time(mark: str) -> None:
    started = time.thread_time()
    assert chunk("markdown", "Marks", "words\n\n" + mark * (100_000 // len(mark)))
    assert time.thread_time() - started < 10


def test_deep_nesting_is_read() -> None:
    assert chunk("markdown", "Deep", "> " * 60 + "the bottom")[0].text == "the bottom"


word = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=12)
sentence = st.lists(word, min_size=1, max_size=30).map(lambda words: " ".join(words) + ".")
paragraph = st.lists(sentence, min_size=1, max_size=8).map(" ".join)
block = st.one_of(
    paragraph,
    st.lists(sentence, min_size=1, max_size=5).map(lambda items: "\n".join(f"- {item}" for item in items)),
    sentence.map(lambda text: f"## {text}"),
    st.lists(word, min_size=2, max_size=2).map(
        lambda cells: f"| {cells[0]} | {cells[1]} |\n|---|---|\n| a | b |"
    ),
)
article = st.lists(block, min_size=1, max_size=8).map("\n\n".join)


@given(article)
def test_no_word_is_lost(text: str) -> None:
    passages = chunk("markdown", "Title", text)
    found = " ".join(f"{passage.heading} {passage.text}" for passage in passages).lower().split()
    assert set(_words(text)) <= set(_words(" ".join(found)))


@given(article)
def test_a_passage_is_over_the_limit_only_when_it_is_one_sentence(text: str) -> None:
    for passage in chunk("markdown", "Title", text):
        assert len(passage.text) <= MAX_PASSAGE or len(sentences(passage.text)) == 1


@given(st.text(max_size=3000))
def test_any_text_is_cut_without_losing_a_character(text: str) -> None:
    cut = sentences(text)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < len(sentence) <= MAX_SENTENCE for sentence in cut)


@given(st.text(max_size=2000), st.sampled_from(["text", "markdown", "faq"]))
def test_any_text_makes_passages(text: str, kind: str) -> None:
    for passage in chunk(kind, "Title", text):  # type: ignore[arg-type] # hypothesis gives str
        assert passage.text.strip()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
