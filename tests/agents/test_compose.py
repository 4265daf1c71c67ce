"""A reply of greeting, facts and, for sales only, an invitation, within the platform's limit."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.agents.compose import compose, greeting
from socialai.agents.small_talk import courtesy
from socialai.agents.turn import Turn
from socialai.domain.limits import Limits
from socialai.domain.policy import Policy, Voice
from socialai.domain.triage import Understanding
from tests.agents.turns import hit, tools, triage, turn

TOOLS = tools(Understanding("inquiry", 0.9, triage().sentiment, "low"))
NORWAY = hit(
    ("We ship to Norway for 14.90 EUR.", 0.8),
    ("Parcels to Norway take 3 to 5 days.", 0.5),
    ("We love hiking.", 0.1),
)


def composed(question: str, **known: object) -> Turn:
    return compose(turn(question, **known), TOOLS)


def test_the_reply_is_a_greeting_and_the_facts_that_were_asked_for() -> None:
    reply = composed("Do you ship to Norway and what does it cost?", hits=(NORWAY,)).reply
    assert reply == "Hi Ada! We ship to Norway for 14.90 EUR."


def test_a_second_sentence_joins_when_it_answers_the_other_half_of_the_question() -> None:
    reply = composed("What does shipping to Norway cost and how long does it take?", hits=(NORWAY,)).reply
    assert reply == "Hi Ada! We ship to Norway for 14.90 EUR. Parcels to Norway take 3 to 5 days."


def test_only_sales_get_the_call_to_action() -> None:
    invitation = Voice().call_to_action
    assert invitation in str(composed("ship to Norway?", hits=(NORWAY,), triage=triage("sales")).reply)
    assert invitation not in str(composed("ship to Norway?", hits=(NORWAY,), triage=triage("support")).reply)


def test_an_answer_written_for_this_question_is_given_whole() -> None:
    pair = hit(
        ("Yes, we do.", 0.3), ("Bring your receipt.", 0.2), score=0.9, question="Can I exchange boots?"
    )
    assert (
        composed("can i exchange my boots", hits=(pair,)).reply == "Hi Ada! Yes, we do. Bring your receipt."
    )


def test_a_long_approved_answer_is_sent_exactly_as_it_is_written() -> None:
    answer = "Yes, we do.\nFirst, keep the box. Second, bring it. Third, wait.\nWe look. You get new ones."
    sentences = [(one, 0.3) for one in answer.replace("\n", " ").split(". ")]
    pair = hit(*sentences, score=0.9, question="Can I exchange boots?")
    pair = msgspec.structs.replace(pair, text=answer)
    found = composed("can i exchange my boots", hits=(pair,))
    assert (found.tier, found.reply) == ("approved", f"Hi Ada! {answer}")
    assert (
        composed("can i exchange my boots", hits=(pair,), limits=Limits(wire=9000, reply=len(answer))).reply
        == answer
    )
    short = composed("can i exchange my boots", hits=(pair,), limits=Limits(wire=9000, reply=60))
    assert short.tier == "extractive"
    assert len(str(short.reply)) <= 60


def test_a_yes_comes_before_the_details() -> None:
    express = hit(("Express to Norway takes 2 to 3 days.", 0.75), score=0.79)
    pair = hit(("Yes, we ship to Norway.", 0.7), score=0.78, question="Do you ship to Norway?", chunk_id=2)
    pair = msgspec.structs.replace(pair, cosine=0.9)
    reply = composed("Do you ship to Norway? How long does express take?", hits=(express, pair)).reply
    assert reply == "Hi Ada! Yes, we ship to Norway. Express to Norway takes 2 to 3 days."


def test_without_evidence_the_reply_says_politely_that_it_cannot_answer() -> None:
    found = composed("What is the capital of Peru?")
    assert found.sources == ()
    assert found.reply is not None
    assert Voice().cannot_answer in found.reply


def test_spam_and_thanks_get_no_reply() -> None:
    assert composed("BUY FOLLOWERS", triage=triage("spam")).reply is None
    assert composed("thanks a lot!").reply is None


def test_whoever_starts_a_chat_with_a_bot_is_greeted() -> None:
    assert courtesy("/start") == "greeting"


def test_a_greeting_is_greeted() -> None:
    assert composed("hello!").reply == f"Hi Ada! {Voice().welcome}"


@pytest.mark.parametrize(("name", "expected"), [("Ada Berg", "Hi Ada!"), (None, "Hi!"), ("", "Hi!")])
def test_the_greeting_uses_the_first_name_or_none(name: str | None, expected: str) -> None:
    assert greeting(Voice(), name) == expected


def test_the_signature_ends_the_reply() -> None:
    policy = Policy(voice=Voice(signature="Your Northwind team"))
    reply = composed("ship to Norway?", hits=(NORWAY,), policy=policy).reply
    assert reply is not None
    assert reply.endswith("Your Northwind team")


@given(
    st.lists(st.text("abc äß.!?", min_size=1, max_size=400), min_size=1, max_size=6),
    st.sampled_from([280, 500]),
)
def test_a_reply_is_never_longer_than_the_limit(sentences: list[str], limit: int) -> None:
    found = hit(*((text, 0.8) for text in sentences))
    reply = composed(
        "abc?", hits=(found,), limits=Limits(wire=limit, reply=limit), triage=triage("sales")
    ).reply
    assert reply is not None
    assert len(reply) <= limit


def test_an_exception_beside_the_rule_is_said_with_it() -> None:
    rule = hit(
        ("Change or cancel free of charge until 24 hours before.", 0.6),
        ("With less notice we charge £20.", 0.4),
        ("For operations we need 48 hours' notice.", 0.2),
    )
    reply = composed("Do I get charged if I cancel the same morning", hits=(rule,)).reply
    assert reply == (
        "Hi Ada! Change or cancel free of charge until 24 hours before. With less notice we charge £20."
    )


def test_of_a_table_only_the_row_that_was_asked_for_is_quoted() -> None:
    prices = hit(
        ("Small service: price €59", 0.6), ("Full service: price €129", 0.5), ("Chain: price €35", 0.4)
    )
    assert composed("price of a small service?", hits=(prices,)).reply == "Hi Ada! Small service: price €59"
