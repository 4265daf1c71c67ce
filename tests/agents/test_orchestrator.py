"""The steps in order, and what is decided."""

import pytest

from socialai.agents.orchestrator import STEPS, decide, decide_without_models
from socialai.agents.turn import Decision
from socialai.domain.triage import Intent, Sentiment, Understanding
from tests.agents.turns import hit, tools, turn

NORWAY = hit(("We ship to Norway for 14.90 EUR.", 0.8))
QUESTION = "Do you ship to Norway?"


def decided(
    question: str = QUESTION, *, intent: Intent = "inquiry", confidence: float = 0.9, **known: object
) -> Decision:
    understanding = Understanding(intent, confidence, Sentiment("neutral", 0.0), "low")
    return decide(turn(question, **known), tools(understanding, [NORWAY]))


def test_the_steps_are_those_of_the_design_in_their_order() -> None:
    names = [step.__name__ for step in STEPS]
    assert names == ["classify", "score", "retrieve", "compose", "check", "escalate"]


def test_every_step_is_timed() -> None:
    assert set(decided().stage_ms) == {step.__name__ for step in STEPS}


def test_under_seventy_percent_the_intent_acted_on_is_inquiry_and_the_raw_one_is_kept() -> None:
    triage = decided(intent="sales", confidence=0.69).triage
    assert (triage.intent, triage.raw_intent) == ("inquiry", "sales")
    assert decided(intent="sales", confidence=0.7).triage.intent == "sales"


def test_a_channel_in_draft_mode_gets_a_draft() -> None:
    assert decided().outcome == "draft"


def test_a_channel_in_auto_mode_sends_the_intents_it_is_allowed() -> None:
    assert decided(mode="auto", auto_intents=("inquiry",)).outcome == "auto"
    assert decided(mode="auto", auto_intents=("sales",)).outcome == "draft"


def test_nothing_is_sent_over_a_waiting_draft() -> None:
    assert decided(mode="auto", auto_intents=("inquiry",), draft_waits=True).outcome == "draft"


def test_an_escalation_is_never_sent_by_itself_but_carries_its_draft() -> None:
    found = decided(f"{QUESTION} I want a refund", mode="auto", auto_intents=("inquiry",))
    assert found.outcome == "escalated"
    assert found.reply is not None
    assert "14.90" in found.reply


def test_hits_under_the_tenants_threshold_are_no_evidence() -> None:
    weak = hit(("We ship to Norway for 14.90 EUR.", 0.8), score=0.2)
    understanding = Understanding("inquiry", 0.9, Sentiment("neutral", 0.0), "low")
    assert decide(turn(QUESTION), tools(understanding, [weak])).sources == ()


@pytest.mark.parametrize(("question", "intent"), [("Get rich now", "spam"), ("thank you!", "inquiry")])
def test_what_needs_no_answer_stays_silent(question: str, intent: Intent) -> None:
    assert decided(question, intent=intent).outcome == "silent"


def test_a_model_that_failed_leads_to_a_person_with_the_reason() -> None:
    found = decide_without_models(turn(QUESTION), "its file is missing")
    assert found.outcome == "escalated"
    assert found.reply is None
    assert found.reasons == ("the assistant could not work: its file is missing",)
