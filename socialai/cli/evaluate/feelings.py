"""Moods and requests, on public sets made by others."""

import numpy as np

from socialai.cli.evaluate.lab import Lab
from socialai.cli.evaluate.sets import f1, macro_recall, places
from socialai.inference.triage import NEGATIVE, POSITIVE

SIGNS = ("negative", "neutral", "positive")
LONG = 3600.0


def tweets(lab: Lab) -> dict[str, float]:
    rows = lab.read("tweeteval_sentiment/val")
    said = lab.models.read([row["text"] for row in rows], timeout=LONG).understood
    scores = np.array([each.sentiment.score for each in said])
    signs = 1 + (scores > POSITIVE).astype(np.int64) - (scores < NEGATIVE)
    return {"tweets_macro_recall": macro_recall(signs, places([row["label"] for row in rows], SIGNS))}


def comments(lab: Lab) -> dict[str, float]:
    rows = lab.read("goemotions/test")
    said = lab.models.read([row["text"] for row in rows], timeout=LONG).said
    return {
        f"{emotion}_f1": f1(
            lab.models.has(said, emotion), np.array([emotion in row["labels"] for row in rows])
        )
        for emotion in ("anger", "gratitude")
    }


def actions(lab: Lab) -> dict[str, float]:
    """Does a sentence of an e-mail ask for an action?"""
    rows = lab.read("email_intent/test")
    said = lab.models.read([row["text"] for row in rows], timeout=LONG).said
    return {
        "action_f1": f1(lab.models.has(said, "action"), np.array([row["label"] == "Yes" for row in rows]))
    }
