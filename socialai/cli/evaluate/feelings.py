"""Moods and requests, on public sets made by others."""

import numpy as np
from numpy.typing import NDArray

from socialai.cli.evaluate.lab import Lab
from socialai.cli.evaluate.probe import Probe
from socialai.cli.evaluate.sets import Places, Row, f1, macro_recall, places
from socialai.inference.triage import NEGATIVE, POSITIVE

SIGNS = ("negative", "neutral", "positive")
BORDERS = np.linspace(0.05, 0.95, 91)


def tweets(lab: Lab) -> dict[str, float]:
    rows = lab.read("tweeteval_sentiment/val")
    said = lab.models.understand(lab.encode([row["text"] for row in rows]))
    scores = np.array([each.sentiment.score for each in said])
    signs = 1 + (scores > POSITIVE).astype(np.int64) - (scores < NEGATIVE)
    return {"tweets_macro_recall": macro_recall(signs, places([row["label"] for row in rows], SIGNS))}


def comments(lab: Lab) -> dict[str, float]:
    return {
        f"{emotion}_f1": _probed(lab, *(_has(lab.read(f"goemotions/{split}"), emotion) for split in _SPLITS))
        for emotion in ("anger", "gratitude")
    }


def actions(lab: Lab) -> dict[str, float]:
    """Does a sentence of an e-mail ask for an action?"""
    train = _asks(lab.read("email_intent/train"))
    return {"action_f1": _probed(lab, train, train, _asks(lab.read("email_intent/test")))}


_SPLITS = ("train", "dev", "test")
_Set = tuple[list[str], Places]


def _has(rows: list[Row], emotion: str) -> _Set:
    return [row["text"] for row in rows], np.array([emotion in row["labels"] for row in rows], np.int64)


def _asks(rows: list[Row]) -> _Set:
    return [row["text"] for row in rows], places([row["label"] for row in rows], ("No", "Yes"))


def _probed(lab: Lab, train: _Set, tuning: _Set, test: _Set) -> float:
    """F1 of a probe on the vectors, its border chosen on the tuning split."""
    probe = Probe(lab.encode(train[0]), train[1])
    border = _best_border(probe.chances(lab.encode(tuning[0]))[:, 1], tuning[1])
    return f1((probe.chances(lab.encode(test[0]))[:, 1] > border).astype(np.int64), test[1])


def _best_border(chances: NDArray[np.float64], truth: Places) -> float:
    return float(max(BORDERS, key=lambda border: f1((chances > border).astype(np.int64), truth)))
