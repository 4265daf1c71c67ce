"""What the models say of messages whose meaning nobody doubts."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from socialai.domain.triage import INTENTS, URGENCIES, Understanding
from socialai.errors import ModelMissing
from socialai.inference.models import Models
from socialai.inference.triage import TriageModel, mood
from socialai.resources import resource
from tests.odd_texts import ODD


def understand(models: Models, text: str) -> Understanding:
    return models.understand(models.encode([text]))[0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Do you ship to Norway and what does it cost?", "inquiry"),
        ("What time do you open on Saturday?", "inquiry"),
        ("How much is the blue tent?", "sales"),
        ("Where is my order 10482?", "support"),
    ],
)
def test_a_plain_question_is_calm_and_sure(models: Models, text: str, intent: str) -> None:
    said = understand(models, text)
    assert said.intent == intent
    assert said.confidence > 0.7
    assert abs(said.sentiment.score) <= 0.25
    assert said.urgency in (("low", "medium") if intent == "support" else ("low",))


def test_an_angry_customer_who_wants_money_back_is_a_complaint(models: Models) -> None:
    said = understand(models, "This is the third time you sent the wrong size, I want my money back!!")
    assert (said.intent, said.sentiment.label) == ("complaint", "angry")
    assert said.confidence > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Meta Support: your page will be disabled within 24 hours, confirm your account at the link below",
        "Double your bitcoin in one day, guaranteed profit, join our Telegram channel now",
    ],
)
def test_phishing_and_crypto_are_spam(models: Models, text: str) -> None:
    assert understand(models, text).intent == "spam"


def test_praise_is_positive_and_no_emergency(models: Models) -> None:
    said = understand(models, "Thank you so much, I love my new jacket!")
    assert (said.sentiment.label, said.urgency) == ("positive", "low")


def test_danger_is_urgent(models: Models) -> None:
    said = understand(
        models, "The stove you installed is smoking and smells of gas, what should I do right now?"
    )
    assert said.urgency == "high"


def test_many_are_understood_as_each_alone(models: Models) -> None:
    vectors = models.encode(["hello", "I will sue you", "price?"])
    assert models.understand(vectors) == [
        models.understand(vectors[place : place + 1])[0] for place in range(3)
    ]
    assert models.understand(vectors[:0]) == []


def test_chances_add_up_whatever_the_vector(models: Models) -> None:
    triage = TriageModel(resource("models", "triage"))
    vectors = np.random.default_rng(1).normal(size=(50, 384)).astype(np.float32)
    chances = triage.intent_chances(vectors)
    assert chances.shape == (50, len(INTENTS))
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert (np.abs(triage.sentiment_scores(vectors)) <= 1).all()


@pytest.mark.parametrize(
    ("score", "label"),
    [(-0.71, "angry"), (-0.7, "negative"), (-0.2, "neutral"), (0.2, "neutral"), (0.21, "positive")],
)
def test_moods_have_fixed_borders(score: float, label: str) -> None:
    assert mood(score) == label


def test_absent_heads_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        TriageModel(tmp_path)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_whatever_arrives_gets_a_valid_result(models: Models, text: str) -> None:
    vectors = models.encode([text])
    assert np.isfinite(vectors).all()
    [said], [traits] = models.understand(vectors), models.traits([text], vectors)
    assert said.intent in INTENTS
    assert said.urgency in URGENCIES
    assert 0 <= said.confidence <= 1
    assert -1 <= said.sentiment.score <= 1
    assert 0 <= traits.injection <= 1


def test_ten_thousand_identical_messages_are_understood_alike(models: Models) -> None:
    vectors = models.encode(["where is my order?"] * 10_000, timeout=300)
    assert len({msgspec.json.encode(said) for said in models.understand(vectors)}) == 1
