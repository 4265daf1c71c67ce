"""Sentence vectors to intent, sentiment and urgency: three small heads in numpy."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from socialai.domain.triage import INTENTS, URGENCIES, Mood, Sentiment, Understanding
from socialai.errors import ModelMissing
from socialai.inference.manifest import read_manifest

Floats = NDArray[np.float32]

ANGRY, NEGATIVE, POSITIVE = -0.7, -0.2, 0.2


class TriageModel:
    """What `models/recipes/triage.py` trained; made for the vectors of one encoder version only."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        self.version = f"{manifest.name}@{manifest.files['heads.npz'].sha256[:12]}"
        self._arrays = _load_arrays(folder / "heads.npz")

    def understand(self, vectors: Floats) -> list[Understanding]:
        """One a row of `vectors`, shape (n, 384)."""
        if not len(vectors):
            return []
        likeness = self._likeness(vectors)
        intents = self._intent_chances(likeness)
        best = intents.argmax(axis=1)
        scores = self._sentiment_scores(vectors, likeness)
        urgencies = self._urgency_levels(likeness)
        return [
            Understanding(
                intent=INTENTS[intent],
                confidence=round(float(chances[intent]), 4),
                sentiment=Sentiment(mood(score), score),
                urgency=URGENCIES[level],
            )
            for chances, intent, score, level in zip(
                intents, best, (round(float(score), 3) for score in scores), urgencies, strict=True
            )
        ]

    def intent_chances(self, vectors: Floats) -> Floats:
        """Calibrated, shape (n, 5), in the order of INTENTS."""
        return self._intent_chances(self._likeness(vectors))

    def sentiment_scores(self, vectors: Floats) -> Floats:
        """-1 … 1, shape (n,)."""
        return self._sentiment_scores(vectors, self._likeness(vectors))

    def _intent_chances(self, likeness: Floats) -> Floats:
        return _softmax(self._over_likeness("intent", likeness) / self._arrays["intent_temperature"])

    def _sentiment_scores(self, vectors: Floats, likeness: Floats) -> Floats:
        """The knots put the borders between the moods where validation data had them."""
        arrays = self._arrays
        hidden = np.maximum(vectors @ arrays["sentiment_w1"] + arrays["sentiment_b1"], 0)
        raw = np.tanh(hidden @ arrays["sentiment_w2"] + arrays["sentiment_b2"])
        raw = (raw + self._over_likeness("correction", likeness))[:, 0]
        scores: Floats = np.interp(raw, arrays["sentiment_from"], arrays["sentiment_to"]).astype(np.float32)
        return scores

    def _urgency_levels(self, likeness: Floats) -> list[int]:
        """Places in URGENCIES. High needs a chance over its own threshold, because it calls a person."""
        chances = _softmax(self._over_likeness("urgency", likeness))
        level = (chances[:, 1] + chances[:, 2] > chances[:, 0]).astype(int)
        level[chances[:, 2] > self._arrays["urgency_high_over"]] = 2
        return [int(place) for place in level]

    def _likeness(self, vectors: Floats) -> Floats:
        """exp(2(v·e − 1)) to each message e of the training."""
        out: Floats = np.exp(vectors @ self._arrays["likeness_w1"] + self._arrays["likeness_b1"])
        return out

    def _over_likeness(self, name: str, likeness: Floats) -> Floats:
        out: Floats = likeness @ self._arrays[f"{name}_w2"] + self._arrays[f"{name}_b2"]
        return out


def mood(score: float) -> Mood:
    if score < ANGRY:
        return "angry"
    if score < NEGATIVE:
        return "negative"
    return "positive" if score > POSITIVE else "neutral"


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    out: Floats = powers / powers.sum(axis=1, keepdims=True)
    return out


def _load_arrays(path: Path) -> dict[str, Floats]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name].astype(np.float32) for name in arrays.files}
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"The model file {path} is missing or damaged; restore it from the release."
        ) from error
