"""What the shipped triage says of texts that it was not trained on."""

from pathlib import Path
from typing import Any

import numpy as np

from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.sets import (
    Places,
    Row,
    accuracy,
    calibration_error,
    label_rules,
    macro_recall,
    places,
    read,
    read_own,
)
from socialai.domain.triage import INTENTS, Understanding
from socialai.inference.encoder import Encoder
from socialai.inference.triage import NEGATIVE, POSITIVE, TriageModel, mood
from socialai.resources import resource

MOODS = ("angry", "negative", "neutral", "positive")
OWN = "our own messages, written by the maker of the models: no proof"
READ_AS = "labels of others, read as ours by labels.toml; nearly all support, inquiry or sales"


def sentiment(shared: Path) -> list[Result]:
    """Three classes: negative, neutral, positive."""
    tweets = read(shared, "tweeteval_sentiment/val")
    truth = places([row["label"] for row in tweets], ["negative", "neutral", "positive"])
    comments = [(row, value) for row in read(shared, "goemotions/test") if (value := _felt(row)) is not None]
    signs = _signs(np.array([value for _, value in comments]))
    return [
        Result("Sentiment of tweets, macro recall", macro_recall(_sentiment(tweets), truth), "%",
               "probe trained on such tweets 64.8, RoBERTa 71.3; ours has seen no tweet"),
        Result("Sentiment of GoEmotions test, macro recall",
               macro_recall(_sentiment([row for row, _ in comments]), signs), "%", "chance 33"),
    ]  # fmt: skip


def intents(shared: Path) -> list[Result]:
    """Test splits whose labels can be read as our intents."""
    rules, rows = label_rules(), []
    for name in ("banking77", "clinc150"):
        ours = {label: intent for intent in INTENTS for label in rules[name].get(intent, ())}
        found = [row for row in read(shared, f"{name}/test") if row["label"] in ours]
        rows += [{"text": row["text"], "intent": ours[row["label"]]} for row in found]
    return _intents("BANKING77 and CLINC150 tests", rows, READ_AS)


def own(_: Path) -> list[Result]:
    """The messages that were written apart and never trained on."""
    rows = read_own("messages_check.jsonl")
    said = _understand(rows)
    feelings = places([each.sentiment.label for each in said], MOODS)
    felt = places([mood(row["sentiment"]) for row in rows], MOODS)
    called = np.array([each.urgency == "high" for each in said])
    urgent = np.array([row["urgency"] == "high" for row in rows])
    both = float((called & urgent).sum())
    return [
        *_intents("Own check", rows, OWN),
        Result("Own check: moods, macro recall", macro_recall(feelings, felt), "%", OWN),
        Result("Own check: high urgency, precision", 100 * both / max(1, int(called.sum())), "%", OWN),
        Result("Own check: high urgency, recall", 100 * both / int(urgent.sum()), "%", OWN),
    ]


def _intents(name: str, rows: list[Row], compared_to: str) -> list[Result]:
    said = _understand(rows)
    found, truth = (
        places(values, INTENTS) for values in ([each.intent for each in said], _column(rows, "intent"))
    )
    confidence = np.array([each.confidence for each in said], np.float32)
    sure = confidence >= 0.7
    kept = f"{100 * sure.mean():.0f} % of the messages"
    error = 100 * calibration_error(confidence, found == truth)
    return [
        Result(f"{name}: intent", accuracy(found, truth), "%", compared_to),
        Result(f"{name}: intent at confidence 0.7 or more", accuracy(found[sure], truth[sure]), "%", kept),
        Result(f"{name}: calibration error", error, "%", "0 is best"),
    ]


def _understand(rows: list[Row]) -> list[Understanding]:
    vectors = Encoder(resource("models", "encoder")).encode(_column(rows, "text"))
    return TriageModel(resource("models", "triage")).understand(vectors)


def _column(rows: list[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]


def _sentiment(rows: list[Row]) -> Places:
    return _signs(np.array([each.sentiment.score for each in _understand(rows)]))


def _signs(scores: Any) -> Places:
    """0 negative, 1 neutral, 2 positive."""
    signs: Places = 1 + (scores > POSITIVE).astype(np.int64) - (scores < NEGATIVE)
    return signs


def _felt(row: Row) -> float | None:
    """The mean of a comment's emotions; None where they contradict each other."""
    values = [label_rules()["goemotions"]["sentiment"][label] for label in row["labels"]]
    if min(values) < NEGATIVE and max(values) > POSITIVE:
        return None
    return float(np.mean(values))
