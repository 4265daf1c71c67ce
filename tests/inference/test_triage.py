"""What the models say of messages whose meaning nobody doubts."""

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from socialai.domain.triage import INTENTS, URGENCIES, Understanding
from socialai.errors import ModelMissing
from socialai.inference.heads import CHOICES, OUTPUTS
from socialai.inference.models import Models
from socialai.inference.triage import TriageModel, mood
from socialai.resources import resource
from tests.odd_texts import ODD


def understand(models: Models, text: str) -> Understanding:
    return models.read([text]).understood[0]


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


@pytest.mark.parametrize(
    "text",
    [
        "I will be at your shop tonight with my lawyer and the press if this is not paid back",
        "our heater from you just caught fire, my son burned his hand",
        "WHERE IS MY MONEY YOU THIEVES!!! REFUND ME NOW OR I GO TO THE POLICE",
    ],
)
def test_threats_and_dangers_raise_the_alarm(models: Models, text: str) -> None:
    assert understand(models, text).alarm


def test_a_plain_question_raises_no_alarm(models: Models) -> None:
    said = understand(models, "What time do you open on Saturday?")
    assert not said.alarm
    assert not said.off_topic


def test_emoji_alone_tell_the_mood(models: Models) -> None:
    glad, furious = models.read(["😍😍😍", "😡😡🤬"]).understood
    assert glad.sentiment.score > 0.2 > -0.2 > furious.sentiment.score


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_whatever_arrives_gets_a_valid_result(models: Models, text: str) -> None:
    reading = models.read([text])
    assert np.isfinite(reading.vectors).all()
    assert np.isfinite(reading.said).all()
    [said], [traits] = reading.understood, models.traits([text], reading.vectors)
    assert said.intent in INTENTS
    assert said.urgency in URGENCIES
    assert 0 <= said.confidence <= 1
    assert mood(said.sentiment.score) == said.sentiment.label
    assert 0 <= traits.injection <= 1


def test_ten_thousand_identical_messages_are_understood_alike(models: Models) -> None:
    understood = models.read(["where is my order?"] * 10_000, timeout=300).understood
    assert len({msgspec.json.encode(said) for said in understood}) == 1


def test_many_are_understood_as_each_alone(models: Models) -> None:
    texts = ["hello", "I will sue you", "price? 😍", "Where is my order? " * 20]
    together = models.read(texts)
    for place, text in enumerate(texts):
        alone = models.read([text])
        assert np.allclose(alone.said, together.said[place : place + 1], atol=1e-3)
        assert alone.understood[0].intent == together.understood[place].intent
    assert models.read([]).understood == []


def test_the_vectors_are_those_of_the_encoder_alone(models: Models) -> None:
    texts = ["Do you ship to Norway?", "hi", "when do you open"]
    assert np.allclose(models.read(texts).vectors, models.encode(texts), atol=1e-5)


def test_chances_add_up_whatever_the_numbers() -> None:
    triage = TriageModel(resource("models", "triage"))
    said = 9 * np.random.default_rng(1).normal(size=(50, OUTPUTS)).astype(np.float32)
    for choice, names in CHOICES.items():
        chances = triage.chances(said, choice)
        assert chances.shape == (50, len(names))
        assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    for understood in triage.understand(said):
        assert mood(understood.sentiment.score) == understood.sentiment.label


@pytest.mark.parametrize(
    ("score", "label"),
    [(-0.71, "angry"), (-0.7, "negative"), (-0.2, "neutral"), (0.2, "neutral"), (0.21, "positive")],
)
def test_moods_have_fixed_borders(score: float, label: str) -> None:
    assert mood(score) == label


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource("models", "triage"), tmp_path / "triage"))


def test_an_absent_branch_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="absent"):
        TriageModel(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "calibration.json"])
def test_a_truncated_file_is_named_with_the_remedy(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-100])
    with pytest.raises(ModelMissing, match=rf"{name}.*restore it"):
        TriageModel(folder)


def test_a_branch_of_another_width_is_refused(folder: Path) -> None:
    shutil.copyfile(resource("models", "encoder", "model.onnx"), folder / "model.onnx")
    with pytest.raises(ModelMissing, match="width"):
        TriageModel(folder)


def test_a_calibration_that_lacks_a_head_is_refused(folder: Path) -> None:
    kept = msgspec.json.decode((folder / "calibration.json").read_bytes())
    del kept["borders"]["alarm"]
    (folder / "calibration.json").write_bytes(msgspec.json.encode(kept))
    with pytest.raises(ModelMissing, match=r"calibration\.json"):
        TriageModel(folder)
