"""One turn: the steps in order, then what shall be done."""

import time

from socialai.agents.check import check
from socialai.agents.classify import classify
from socialai.agents.compose import compose
from socialai.agents.escalate import escalate
from socialai.agents.retrieve import retrieve
from socialai.agents.score import score
from socialai.agents.turn import Decision, Step, Tools, Turn
from socialai.domain.lead import score_lead
from socialai.domain.reply import TurnOutcome
from socialai.domain.triage import Sentiment, Triage

STEPS: tuple[Step, ...] = (classify, score, retrieve, compose, check, escalate)


def decide(turn: Turn, tools: Tools) -> Decision:
    """Run the steps, then decide. Raises ModelError when a model could not do its work."""
    stage_ms = {}
    tools.entries()  # of a turn before that could not be decided
    for step in STEPS:
        started = time.perf_counter()
        turn = step(turn, tools)
        stage_ms[step.__name__] = round((time.perf_counter() - started) * 1000, 3)
    return Decision(
        outcome=_outcome(turn),
        triage=turn.understood,
        score=turn.scored,
        reply=turn.reply,
        sources=turn.sources,
        reasons=turn.escalations,
        doubts=turn.doubts,
        stage_ms=stage_ms,
        checked=turn.checked,
        tier=turn.tier,
        written=tools.entries(),
    )


def decide_without_models(turn: Turn, reason: str) -> Decision:
    """A model failed: a person gets the message as it is, never silence."""
    triage = Triage("inquiry", "inquiry", 0.0, Sentiment("neutral", 0.0), "medium")
    return Decision(
        outcome="escalated",
        triage=triage,
        score=score_lead(
            "inquiry",
            0.0,
            turn.earlier_messages,
            turn.contact.has_profile,
            turn.policy.weights,
            turn.policy.thresholds,
        ),
        reply=None,
        sources=(),
        reasons=(f"the assistant could not work: {reason}",),
        doubts=(),
        stage_ms={},
    )


def _outcome(turn: Turn) -> TurnOutcome:
    if turn.escalations:
        return "escalated"
    if turn.reply is None:
        return "silent"
    return "auto" if turn.mode == "auto" and _may_answer(turn) and not turn.draft_waits else "draft"


def _may_answer(turn: Turn) -> bool:
    own = turn.understood.custom_intent
    return turn.understood.intent in turn.auto_intents or (own is not None and own.handling == "auto")
