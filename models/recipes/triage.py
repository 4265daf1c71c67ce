"""Train the triage heads over the vectors of the shipped encoder.

Run in a Python with the `models` extra: `socialai models build triage`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from socialai.inference.encoder import Encoder

from .examples import INTENTS, URGENCIES, Example, emotions, own_examples, public_examples
from .heads import Floats, Weights, apply, train
from .manifest import MODELS, print_metrics, write_manifest

FOLDS = 5
BORDERS = (-0.7, -0.2, 0.2)  # angry, negative, positive: socialai.inference.triage
LEAST_HIGH = 0.5
PRECISION_HIGH = 0.9

encoder = Encoder(MODELS / "encoder", threads=2)


class Data(NamedTuple):
    vectors: Floats
    targets: NDArray[np.generic]
    weights: Floats


class Task(NamedTuple):
    """One head: what it learns from, and its settings."""

    own: Data
    public: Data
    settings: dict[str, Any]

    def train(self, chosen: NDArray[np.bool_]) -> Weights:
        return train(
            np.vstack([self.own.vectors[chosen], self.public.vectors]),
            np.concatenate([self.own.targets[chosen], self.public.targets]),
            np.concatenate([self.own.weights[chosen], self.public.weights]),
            **self.settings,
        )

    def train_all(self) -> Weights:
        return self.train(np.ones(len(self.own.targets), bool))

    def held_out(self) -> Floats:
        """What heads that never saw a message say of it (5 folds over our own messages)."""
        fold = np.random.default_rng(0).permutation(len(self.own.targets)) % FOLDS
        parts = [(fold == place, self.train(fold != place)) for place in range(FOLDS)]
        out = np.zeros((len(fold), parts[0][1]["b2"].size), np.float32)
        for rows, head in parts:
            out[rows] = apply(head, self.own.vectors[rows])
        return out


def collect(examples: Sequence[Example], target: Callable[[Example], Any], kind: type) -> Data:
    known = [(example, target(example)) for example in examples]
    known = [(example, value) for example, value in known if value is not None]
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


def best_temperature(values: Floats, truth: NDArray[np.generic]) -> float:
    """The temperature with the least log loss."""
    rows = np.arange(len(truth))
    tried = np.arange(0.3, 3, 0.05)
    return float(min(tried, key=lambda t: -np.log(softmax(values, t)[rows, truth] + 1e-9).mean()))


def calibration_error(chances: Floats, truth: NDArray[np.generic], bins: int = 10) -> float:
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


def border_knots(raw: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """A rising map of the raw score that puts each mood's border where it separates best."""
    borders = np.maximum.accumulate([best_border(raw, truth >= border) for border in BORDERS])
    knots = np.concatenate([[-1.0], borders + 0.001 * np.arange(3), [1.0]])
    return knots.astype(np.float32), np.array([-1, *BORDERS, 1], np.float32)


def high_threshold(chances: Floats, truth: NDArray[np.generic]) -> float:
    """The lowest chance over which nine of ten really are urgent: high calls a person."""
    for threshold in np.arange(LEAST_HIGH, 0.95, 0.01):
        chosen = chances[:, 2] > threshold
        if chosen.any() and (truth[chosen] == 2).mean() >= PRECISION_HIGH:
            return float(threshold)
    return 0.95


def intent_task(own: list[Example], public: list[Example]) -> Task:
    settings = {"kind": "classes", "outputs": len(INTENTS), "noise": 0.06, "hidden": 192}
    return Task(collect(own, intent_of, np.int64), collect(public, intent_of, np.int64), settings)


def urgency_task(own: list[Example], public: list[Example]) -> Task:
    settings = {"kind": "classes", "outputs": len(URGENCIES), "noise": 0.06}
    return Task(collect(own, urgency_of, np.int64), collect(public, urgency_of, np.int64), settings)


def sentiment_task(own: list[Example], public: list[Example]) -> Task:
    settings = {"kind": "score", "outputs": 1, "hidden": 192, "noise": 0.03}
    felt = emotions("train", len(own))
    return Task(
        collect(own, sentiment_of, np.float32), collect(public + felt, sentiment_of, np.float32), settings
    )


def build() -> dict[str, Any]:
    own = own_examples()
    public = public_examples(len(own))
    intent, urgency, mood = intent_task(own, public), urgency_task(own, public), sentiment_task(own, public)
    arrays: dict[str, Any] = {}
    metrics: dict[str, Any] = {"own_messages": len(own), "public_examples": len(public)}

    said, truth = intent.held_out(), intent.own.targets
    arrays["intent_temperature"] = best_temperature(said, truth)
    chances = softmax(said, arrays["intent_temperature"])
    metrics["intent_accuracy_5_folds"] = round(float((chances.argmax(axis=1) == truth).mean()), 3)
    metrics["intent_calibration_error_5_folds"] = round(calibration_error(chances, truth), 3)

    raw, scores = np.tanh(mood.held_out()[:, 0]), mood.own.targets.astype(np.float32)
    arrays["sentiment_from"], arrays["sentiment_to"] = border_knots(raw, scores)
    mapped = np.interp(raw, arrays["sentiment_from"], arrays["sentiment_to"])
    metrics["sentiment_mood_recall_5_folds"] = round(mood_recall(mapped, scores), 3)

    levels, truth = softmax(urgency.held_out()), urgency.own.targets
    arrays["urgency_high_over"] = high_threshold(levels, truth)
    chosen = levels[:, 2] > arrays["urgency_high_over"]
    metrics["urgency_high_precision_5_folds"] = round(float((truth[chosen] == 2).mean()), 3)
    metrics["urgency_high_recall_5_folds"] = round(float(chosen[truth == 2].mean()), 3)

    for name, task in (("intent", intent), ("sentiment", mood), ("urgency", urgency)):
        arrays |= {f"{name}_{key}": value for key, value in task.train_all().items()}
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
