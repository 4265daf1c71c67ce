"""What the knowledge does not say is found, sentence by sentence, and never sent by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from socialai.agents.check import check, doubts
from socialai.agents.turn import Turn
from socialai.domain.policy import Policy, Voice
from socialai.domain.reply import Source
from socialai.domain.support import Checked
from socialai.domain.triage import Understanding
from tests.agents.turns import hit, tools, triage, turn

SAID = "We ship to Norway for 14.90 EUR in 3-5 days. See https://shop.example/ship, ask help@shop.example."
HITS = (
    hit(
        ("Parcels to Norway cost €14.90 and take three to five days.", 0.6),
        ("Parcels to Sweden cost €9.90.", 0.5),
        ("We do not ship to Russia.", 0.5),
        ("On Mondays the counter is closed.", 0.4),
        ("Pay by card or bank transfer.", 0.3),
        chunk_id=1,
    ),
)


def checked(reply: str, **known: object) -> Turn:
    """As the product does it; closeness is the fixed one of `HITS`."""
    use = tools(Understanding("inquiry", 0.9, triage().sentiment, "low"), HITS)
    return check(turn("how?", reply=reply, hits=HITS, **known), use)


def only(reply: str) -> Checked:
    (one,) = checked(reply).checked
    return one


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


@pytest.mark.parametrize(
    "reply",
    [
        "Parcels to Norway take 3 to 5 days and cost €14.90.",
        "A parcel to Norway costs €14.90.",
        "We don't ship to Russia.",
        "The counter is closed on Monday.",
    ],
)
def test_what_the_knowledge_says_in_other_words_is_supported(reply: str) -> None:
    assert only(reply).verdict == "supported"


@pytest.mark.parametrize(
    ("reply", "found_by"),
    [
        ("Parcels to Norway cost €9.90.", "number"),  # it stands elsewhere in the same passage
        ("Parcels to Norway cost €14.90 and take seven days.", "number"),
        ("Parcels to Denmark cost €14.90.", "name"),
        ("On Tuesdays the counter is closed.", "day"),
        ("We ship to Russia.", "negation"),
        ("Read it on www.evil.example.", "link"),
        ("Every order comes with a birthday present for your grandmother.", "judge"),
    ],
)
def test_what_it_does_not_say_is_not(reply: str, found_by: str) -> None:
    one = only(reply)
    assert one.verdict == "unsupported"
    assert found_by in one.found_by


def test_an_unsupported_sentence_is_left_out_when_the_rest_says_something() -> None:
    done = checked("A parcel to Norway costs €14.90. Every order comes with a free balloon.")
    assert done.reply == "A parcel to Norway costs €14.90."
    assert [one.verdict for one in done.checked] == ["supported", "removed"]
    assert done.doubts == ()


def test_when_nothing_is_left_it_keeps_its_doubt() -> None:
    done = checked("Parcels to Norway cost €19.90.")
    assert done.reply == "Parcels to Norway cost €19.90."
    assert done.doubts == ("number: €19.90",)


def test_what_is_quoted_needs_no_judge() -> None:
    source = Source(1, 1, "Shipping", 0.9, "Parcels to Norway cost €14.90 and take three to five days.")
    done = checked(f"Hi Ada! {source.sentence}", sources=(source,), facts=(source.sentence,))
    assert [(one.verdict, one.support, one.evidence) for one in done.checked] == [
        ("quoted", 1.0, source.sentence)
    ]


def test_a_sentence_that_the_knowledge_has_needs_no_judge_whoever_wrote_it() -> None:
    assert only("On Mondays the counter is closed.").verdict == "quoted"


def test_a_source_that_says_something_else_is_no_quote() -> None:
    source = Source(1, 1, "Shipping", 0.9, "Parcels to Norway cost €1.")
    assert checked(source.sentence, sources=(source,)).doubts


def test_courtesy_and_the_tenants_templates_claim_nothing() -> None:
    voice = Voice(welcome="Welcome to 7 Harbour Lane.", signature="Yours, Bergström & Co. 1923")
    policy = replace(Policy(), voice=voice)
    done = checked(
        "Hi Ada! Welcome to 7 Harbour Lane. Thank you for your question. Shall we? "
        "Yours, Bergström & Co. 1923",
        policy=policy,
    )
    assert {one.verdict for one in done.checked} <= {"courtesy"}
    assert done.doubts == ()


@given(st.text(max_size=300))
def test_whatever_was_written_is_checked_to_its_end(reply: str) -> None:
    done = checked(reply)
    assert all(0 <= one.support <= 1 for one in done.checked)
    assert done.doubts == () or any(one.verdict == "unsupported" for one in done.checked)
