"""Each rule escalates with its plain reason, and can be switched off."""

import pytest
from msgspec.structs import replace

from socialai.agents.escalate import escalate, first_word
from socialai.domain.lead import Score
from socialai.domain.policy import Policy, Rules
from socialai.domain.reply import Source
from socialai.domain.triage import Language, Understanding
from tests.agents.turns import tools, triage, turn

TOOLS = tools(Understanding("inquiry", 0.9, triage().sentiment, "low"))
SPANISH = replace(triage(confidence=0.4), language=Language("es", 0.99), flags=("foreign_language",))
INJECTION = replace(triage(), flags=("injection",))
ALARM = replace(triage(), flags=("alarm",))
SOURCES = (Source(1, 1, "Shipping", 0.8, "We ship to Norway."),)
NO_RULES = Rules(-1, False, (), False, False, False, False, False, False)


def reasons(
    question: str = "Do you ship to Norway?", *, rules: Rules | None = None, **known: object
) -> tuple[str, ...]:
    policy = Policy(rules=rules or Rules())
    return escalate(turn(question, policy=policy, **{"sources": SOURCES, **known}), TOOLS).escalations


def test_a_calm_question_with_evidence_does_not_escalate() -> None:
    assert reasons() == ()


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"triage": triage(mood=-0.71)}, "the contact is angry (mood -0.71)"),
        ({"triage": triage(urgency="high")}, "it is urgent"),
        ({"question": "I want a REFUND now"}, 'the message says "refund"'),
        ({"question": "you will hear from my lawyer"}, 'the message says "lawyer"'),
        (
            {"triage": triage("sales"), "score": Score(81, "hot", ())},
            "a very promising buyer (score 81)",
        ),
        ({"sources": ()}, "nothing in the knowledge answers this"),
        ({"triage": triage(confidence=0.4)}, "it is not clear what the contact wants (confidence 0.40)"),
        ({"doubts": ("number: 99",)}, "the draft says something no source says (number: 99)"),
        ({"triage": SPANISH}, "the message is in Spanish, which the assistant was not trained for"),
        ({"triage": INJECTION}, "the message tries to instruct the assistant"),
        ({"triage": ALARM}, "it reads like an emergency, a threat or an angry demand"),
        ({"only_media": True}, "the message is a picture or a file, which a person has to look at"),
    ],
)
def test_each_rule_gives_its_reason(known: dict[str, object], reason: str) -> None:
    assert reason in reasons(**known)


def test_an_answer_that_leaves_out_what_was_asked_about_goes_to_a_person() -> None:
    assert reasons("Are you open on Christmas day?") == ('the answer does not mention "Christmas"',)
    assert reasons("Hello Northwind team, do you ship to Norway?") == ()


def test_a_foreign_language_is_the_reason_for_low_confidence_and_the_only_one() -> None:
    assert reasons(triage=SPANISH) == ("the message is in Spanish, which the assistant was not trained for",)


def test_minus_0_7_exactly_is_not_angry_enough() -> None:
    assert reasons(triage=triage(mood=-0.7)) == ()


def test_eighty_exactly_is_not_a_vip() -> None:
    assert reasons(triage=triage("sales"), score=Score(80, "warm", ())) == ()


def test_every_rule_can_be_switched_off() -> None:
    furious = triage("sales", mood=-0.99, urgency="high", confidence=0.1)
    assert reasons("refund!", rules=NO_RULES, triage=furious, sources=(), score=Score(99, "hot", ())) == ()
    sure = replace(SPANISH, confidence=0.9)
    assert reasons(rules=NO_RULES, triage=sure) == ()
    assert reasons(rules=NO_RULES, triage=INJECTION) == ()
    assert reasons(rules=NO_RULES, triage=ALARM) == ()


def test_the_tenants_own_words_escalate() -> None:
    assert reasons("the tent pole broke", rules=Rules(words=("tent pole",))) == (
        'the message says "tent pole"',
    )


def test_spam_goes_to_nobody() -> None:
    assert reasons("refund your crypto", triage=triage("spam"), sources=()) == ()


def test_what_only_may_be_spam_goes_to_a_person() -> None:
    assert reasons("I want a manager", triage=triage("spam", confidence=0.8), sources=()) == (
        "it may be spam",
    )


def test_a_greeting_needs_no_evidence() -> None:
    assert reasons("hi there!", sources=()) == ()


def test_words_match_whole_words_only() -> None:
    assert first_word("the refunded amount", ("refund",)) is None
    assert first_word("A refund, please", ("refund",)) == "refund"
