"""The weighted formula: intent 40, sentiment 30, engagement 20, profile 10."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.domain.lead import Thresholds, Weights, score_lead, temperature
from socialai.domain.triage import INTENTS, Intent

WEIGHTS, THRESHOLDS = Weights(), Thresholds()


def score(intent: Intent, sentiment: float = 0.0, earlier: int = 0, profile: bool = False) -> int:
    return score_lead(intent, sentiment, earlier, profile, WEIGHTS, THRESHOLDS).value


@pytest.mark.parametrize(
    ("intent", "points"), [("sales", 40), ("inquiry", 30), ("support", 20), ("complaint", 10), ("spam", 0)]
)
def test_each_intent_gives_its_share_of_forty(intent: Intent, points: int) -> None:
    assert score(intent, sentiment=-1.0) == points


@pytest.mark.parametrize(("sentiment", "points"), [(-1.0, 0), (0.0, 15), (1.0, 30)])
def test_sentiment_gives_fifteen_for_each_step_above_minus_one(sentiment: float, points: int) -> None:
    assert score("spam", sentiment) == points


@pytest.mark.parametrize(("earlier", "points"), [(0, 0), (1, 4), (4, 16), (5, 20), (50, 20)])
def test_each_earlier_message_gives_four_up_to_twenty(earlier: int, points: int) -> None:
    assert score("spam", -1.0, earlier) == points


def test_a_known_profile_gives_ten() -> None:
    assert score("spam", -1.0, profile=True) == 10


@pytest.mark.parametrize(
    ("value", "expected"), [(81, "hot"), (80, "warm"), (50, "warm"), (49, "cold"), (0, "cold")]
)
def test_hot_is_over_eighty_and_warm_from_fifty(value: int, expected: str) -> None:
    assert temperature(value, THRESHOLDS) == expected


def test_the_weights_are_the_tenants() -> None:
    only_intent = Weights(intent=100, sentiment=0, engagement=0, profile=0)
    assert score_lead("sales", 1.0, 9, True, only_intent, THRESHOLDS).value == 100


def test_a_score_carries_a_reason_for_each_part() -> None:
    reasons = score_lead("sales", 0.4, 2, False, WEIGHTS, THRESHOLDS).reasons
    assert reasons == (
        "40 of 40: intent sales: wants to buy",
        "21 of 30: mood +0.40",
        "8 of 20: 2 earlier messages",
        "0 of 10: no profile yet",
    )


@given(
    st.sampled_from(INTENTS),
    st.floats(-1, 1),
    st.integers(0, 1000),
    st.booleans(),
)
def test_a_score_is_always_between_zero_and_a_hundred(
    intent: Intent, sentiment: float, earlier: int, profile: bool
) -> None:
    assert 0 <= score(intent, sentiment, earlier, profile) <= 100
