"""Train the triage heads over the vectors of the shipped encoder.

Run in a Python with the `models` extra: `socialai models build triage`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from socialai.inference.encoder import Encoder

from .examples import INTENTS, URGENCIES, Example, emotions, own_examples, public_examples
from .heads import (
    Floats,
    Weights,
    over_likeness,
    score,
    together,
    train_classes,
    train_correction,
    train_score,
)
from .manifest import MODELS, print_metrics, write_manifest

FOLDS = 5
BORDERS = (-0.7, -0.2, 0.2)  # angry, negative, positive: socialai.inference.triage
LEAST_HIGH = 0.5
NEARLY = -0.6  # nobody can tell -0.65 from -0.75 when labelling
PRECISION_HIGH = 0.9
SURE = 0.7
SEEDS = (7, 8, 9)

Learnt = tuple[dict[str, Any], dict[str, float]]
"""Arrays to keep, and figures."""

encoder = Encoder(MODELS / "encoder", threads=2)


class Data(NamedTuple):
    vectors: Floats
    truth: NDArray[Any]
    weights: Floats


class Task(NamedTuple):
    """A head over the likeness to our own messages, which come first in `data`."""

    own: int
    data: Data
    fit: Callable[[Floats, NDArray[Any], Floats, Floats], Weights]

    def train(self, chosen: NDArray[np.bool_]) -> Weights:
        """From the chosen ones of our own messages and all public examples."""
        used = np.concatenate([chosen, np.ones(len(self.data.truth) - self.own, bool)])
        vectors, truth, weights = (part[used] for part in self.data)
        return self.fit(vectors, truth, weights, self.data.vectors[: self.own][chosen])

    def train_all(self) -> Weights:
        return self.train(np.ones(self.own, bool))

    def held_out(self) -> Floats:
        """What heads that never saw a message say of it: 5 folds over our own messages."""
        fold = np.random.default_rng(0).permutation(self.own) % FOLDS
        vectors = self.data.vectors[: self.own]
        parts = [over_likeness(self.train(fold != place), vectors[fold == place]) for place in range(FOLDS)]
        order = np.argsort(np.concatenate([np.flatnonzero(fold == place) for place in range(FOLDS)]))
        return np.concatenate(parts)[order]


def collect(examples: Sequence[Example], target: Callable[[Example], Any], kind: type) -> Data:
    known = [(example, value) for example in examples if (value := target(example)) is not None]
    return Data(
        encoder.encode([example.text for example, _ in known]),
        np.array([value for _, value in known], kind),
        np.array([example.weight for example, _ in known], np.float32),
    )


def intent_of(example: Example) -> int | None:
    return None if example.intent is None else INTENTS.index(example.intent)


def urgency_of(example: Example) -> int | None:
    return None if example.urgency is None else URGENCIES.index(example.urgency)


def sentiment_of(example: Example) -> float | None:
    return example.sentiment


def softmax(values: Floats, temperature: float = 1.0) -> Floats:
    powers = np.exp((values - values.max(axis=1, keepdims=True)) / temperature)
    out: Floats = powers / powers.sum(axis=1, keepdims=True)
    return out


def best_temperature(values: Floats, truth: NDArray[Any]) -> float:
    """The temperature with the least log loss."""
    rows = np.arange(len(truth))
    tried = np.arange(0.3, 3, 0.05)
    return float(min(tried, key=lambda t: -np.log(softmax(values, t)[rows, truth] + 1e-9).mean()))


def calibration_error(chances: Floats, truth: NDArray[Any], bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from accuracy, over equal bins of confidence."""
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[place == b].mean() - right[place == b].mean()) * (place == b).mean()
        for b in set(place)
    ]
    return float(sum(gaps))


def best_border(raw: Floats, above: NDArray[np.bool_]) -> float:
    """Where both sides are found equally well."""
    tried = np.quantile(raw, np.linspace(0.01, 0.99, 197))
    return float(max(tried, key=lambda b: (raw[above] > b).mean() + (raw[~above] <= b).mean()))


def angry_border(raw: Floats, truth: Floats) -> float:
    """Anger calls a person, so being right counts twice as much as finding all (F0.5)."""

    def worth(border: float) -> float:
        called, angry = raw <= border, truth < BORDERS[0]
        right, found = (truth[called] <= NEARLY).mean(), called[angry].mean()
        return float(1.25 * right * found / (0.25 * right + found + 1e-9))

    return float(max(np.quantile(raw, np.linspace(0.01, 0.5, 99)), key=worth))


def border_knots(raw: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """A rising map of the raw score that puts each mood's border where it separates best."""
    angry = angry_border(raw, truth)
    borders = np.maximum.accumulate([angry, *(best_border(raw, truth >= border) for border in BORDERS[1:])])
    knots = np.concatenate([[-1.0], borders + 0.001 * np.arange(3), [1.0]])
    return knots.astype(np.float32), np.array([-1, *BORDERS, 1], np.float32)


def high_threshold(chances: Floats, truth: NDArray[Any]) -> float:
    """The lowest chance over which nine of ten really are urgent: high calls a person."""
    for threshold in np.arange(LEAST_HIGH, 0.95, 0.01):
        chosen = chances[:, 2] > threshold
        if chosen.any() and (truth[chosen] == 2).mean() >= PRECISION_HIGH:
            return float(threshold)
    return 0.95


def learn_intent(own: list[Example], public: list[Example]) -> Learnt:
    task = Task(len(own), collect(own + public, intent_of, np.int64), train_classes)
    said, truth = task.held_out(), task.data.truth[: len(own)]
    temperature = best_temperature(said, truth)
    chances = softmax(said, temperature)
    right = chances.argmax(axis=1) == truth
    sure = chances.max(axis=1) >= SURE
    arrays = {"intent_temperature": temperature, **named("intent", task.train_all())}
    return arrays, {
        "intent_accuracy_5_folds": float(right.mean()),
        "intent_accuracy_where_sure_5_folds": float(right[sure].mean()),
        "intent_sure_5_folds": float(sure.mean()),
        "intent_calibration_error_5_folds": calibration_error(chances, truth),
    }


def learn_sentiment(own: list[Example], public: list[Example]) -> Learnt:
    """A head for the many comments of others, and what it misses of our own messages."""
    others = collect(public + emotions("train", len(own)), sentiment_of, np.float32)
    base = together([train_score(*others, seed=seed) for seed in SEEDS])
    felt = collect(own + emotions("train", 0.3 * len(own), most=4000), sentiment_of, np.float32)
    guess, truth = score(base, felt.vectors), felt.truth[: len(own)]
    task = Task(len(own), felt._replace(truth=felt.truth - guess), train_correction)
    raw = guess[: len(own)] + task.held_out()[:, 0]
    before, after = border_knots(raw, truth)
    arrays = {"sentiment_from": before, "sentiment_to": after}
    arrays |= {f"sentiment_{name}": value for name, value in base.items()}
    arrays |= named("correction", task.train_all())
    said = np.interp(raw, before, after)
    angry = said < BORDERS[0]
    return arrays, {
        "sentiment_mood_recall_5_folds": mood_recall(said, truth),
        "sentiment_correlation_5_folds": float(np.corrcoef(said, truth)[0, 1]),
        "sentiment_angry_is_nearly_angry_5_folds": float((truth[angry] <= NEARLY).mean()),
        "sentiment_angry_found_5_folds": float(angry[truth < BORDERS[0]].mean()),
    }


def learn_urgency(own: list[Example], public: list[Example]) -> Learnt:
    task = Task(len(own), collect(own + public, urgency_of, np.int64), train_classes)
    chances, truth = softmax(task.held_out()), task.data.truth[: len(own)]
    over = high_threshold(chances, truth)
    high = chances[:, 2] > over
    arrays = {"urgency_high_over": over, **named("urgency", task.train_all())}
    return arrays, {
        "urgency_high_precision_5_folds": float((truth[high] == 2).mean()),
        "urgency_high_recall_5_folds": float(high[truth == 2].mean()),
    }


def named(head: str, weights: Weights) -> dict[str, Any]:
    """All are likeness to the same messages, which is kept once."""
    owner = {"w1": "likeness", "b1": "likeness"}
    return {f"{owner.get(name, head)}_{name}": value for name, value in weights.items()}


def build() -> dict[str, Any]:
    own = own_examples()
    public = public_examples(len(own))
    arrays: dict[str, Any] = {}
    metrics: dict[str, Any] = {"own_messages": len(own), "public_examples": len(public)}
    for learn in (learn_intent, learn_sentiment, learn_urgency):
        more, measured = learn(own, public)
        arrays |= more
        metrics |= {name: round(value, 3) for name, value in measured.items()}
    save(arrays, metrics)
    return metrics


def mood_recall(scores: Floats, truth: Floats) -> float:
    """Macro recall over angry, negative, neutral, positive."""
    said, real = np.digitize(scores, BORDERS), np.digitize(truth, BORDERS)
    return float(np.mean([(said[real == mood] == mood).mean() for mood in range(4)]))


def save(arrays: dict[str, Any], metrics: dict[str, Any]) -> None:
    folder = MODELS / "triage"
    folder.mkdir(exist_ok=True)
    np.savez(folder / "heads.npz", **{name: np.asarray(value, np.float32) for name, value in arrays.items()})
    facts = {
        "name": "socialai-triage-1",
        "purpose": "Intent, sentiment and urgency of a message, over the vectors of the encoder",
        "source": "Trained here, on the sets named in models/NOTICE.md",
        "licence": "Apache-2.0",
        "recipe": "models/recipes/triage.py",
        "encoder": encoder.version,
        "metrics": metrics,
    }
    write_manifest(folder, facts)


if __name__ == "__main__":
    print_metrics(build())
