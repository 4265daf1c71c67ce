"""A tenant's own intents, learnt from a few examples each.

Likeness to the examples, of meaning (vectors) and of words (hashed, so that nothing but numbers is kept), is
weighed by ridge and logistic regression together; with few examples each errs where the other does not.
"""

import io
from collections.abc import Sequence
from zipfile import BadZipFile

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.errors import ModelError
from socialai.inference.minimise import Doubles, minimise
from socialai.inference.word_hash import WordHash

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

NEARNESS = 3.0
WORDS = 0.2
"""How fast likeness falls with distance, and what shared words count; chosen, as all here, by
cross-validation on BANKING77's and CLINC150's 10-shot training splits."""
RIDGE = 0.1
RIDGE_SHARE = 12.0
STRENGTH = 80.0  # of the logistic part; what others call C; from CLINC150's validation split
STEPS = 30
LANDMARKS = 2500  # examples that likeness is measured to; there are seldom more
FOLDS = 5
FITTING = (0.97, 0.8)  # most and least of the examples that still fit when they are kept out
STRANGE = 0.9  # of ordinary messages that are to fit nothing
ALIKE = 0.56  # an ordinary message closer than this to an example is no stranger
_NONE_SHARE = 0.5
_NEVER = -20.0  # the score of a label that the other folds had no example of
NONE = 0
"""The label of examples that belong to none of the intents."""


class Texts(Struct):
    """Row n of `vectors` and of `words` is text n."""

    vectors: Floats
    words: WordHash

    def take(self, rows: Places) -> "Texts":
        return Texts(self.vectors[rows], self.words.take(rows))


def read_texts(texts: Sequence[str], vectors: Floats) -> Texts:
    return Texts(np.asarray(vectors, np.float32), WordHash.of(texts))


class IntentsModel:
    """`labels` are ids. What scores less than `border` fits none of them."""

    def __init__(
        self,
        labels: Places,
        landmarks: Floats,
        weights: Floats,
        words: Floats,
        temperature: float = 1.0,
        border: float = -np.inf,
    ) -> None:
        self.labels = labels
        self._landmarks, self._weights, self._words = landmarks, weights, words
        self.temperature, self.border = temperature, border

    def guess(self, asked: Texts) -> list[tuple[int, float]]:
        """For each text the label it fits, or NONE, and the calibrated confidence."""
        scores = self.scores(asked)
        chances, best = softmax(scores / self.temperature), scores.argmax(axis=1)
        return [
            (int(self.labels[place]) if power >= self.border else NONE, round(float(row[place]), 4))
            for row, place, power in zip(chances, best, fit(scores, self.labels), strict=True)
        ]

    def scores(self, asked: Texts) -> Doubles:
        near = np.exp(NEARNESS * (asked.vectors @ self._landmarks.T - 1))
        out: Doubles = (near @ self._weights + asked.words.times(self._words)).astype(np.float64)
        return out

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        np.savez_compressed(
            out,
            labels=self.labels,
            landmarks=self._landmarks.astype(np.float16),
            weights=self._weights,
            words=self._words.astype(np.float16),
            borders=np.array([self.temperature, self.border]),
        )
        return out.getvalue()


def from_bytes(data: bytes) -> IntentsModel:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            landmarks, weights, words = (
                kept[name].astype(np.float32) for name in ("landmarks", "weights", "words")
            )
            temperature, border = kept["borders"].tolist()
            return IntentsModel(kept["labels"], landmarks, weights, words, temperature, border)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise ModelError(f"What was learnt of your own intents is damaged; train again: {error}") from error


def train(labels: Places, known: Texts) -> IntentsModel:
    """Not yet calibrated; anything fits."""
    order, truth = np.unique(labels, return_inverse=True)
    chosen = _landmarks(len(labels))
    near = known.take(chosen)
    square = _likeness(near, near).astype(np.float64) + 1e-4 * np.eye(len(chosen))
    whiten = np.linalg.inv(np.linalg.cholesky(square)).T
    features = _likeness(known, near) @ whiten.astype(np.float32)
    weights = (whiten @ _learn(features, truth, len(order))).astype(np.float32)
    return IntentsModel(order, near.vectors, weights, WORDS * near.words.times_transposed(weights))


def learn(
    labels: Sequence[int], known: Texts, asked: Sequence[bool], strangers: Texts
) -> tuple[IntentsModel, Doubles]:
    """The model of all examples; and what the others say of each: its scores, in the order of the labels.

    `asked` False: only helps to learn. `strangers` are ordinary messages. Needs two labels or more.
    """
    truth = np.array(labels, np.int64)
    model = train(truth, known)
    held = hold_out(truth, known, np.array(asked), model.labels)
    place = np.searchsorted(model.labels, truth)
    counted = np.flatnonzero(np.isfinite(held[:, 0]) & (truth != NONE))
    model.temperature = best_temperature(held[counted], place[counted])
    right = counted[held[counted].argmax(axis=1) == place[counted]]
    model.border = _border(model, held[right], known, strangers)
    return model, held


def _border(model: IntentsModel, right: Doubles, known: Texts, strangers: Texts) -> float:
    """Where strangers fit nothing, as far as that costs few of the examples."""
    if not len(right):
        return -np.inf
    most, least = (float(np.quantile(fit(right, model.labels), 1 - share)) for share in FITTING)
    far = np.flatnonzero((strangers.vectors @ known.vectors.T).max(axis=1) < ALIKE)
    if not len(far):
        return most
    strange = fit(model.scores(strangers.take(far)), model.labels)
    return float(np.clip(np.quantile(strange, STRANGE), most, least))


def hold_out(truth: Places, known: Texts, asked: NDArray[np.bool_], order: Places) -> Doubles:
    """Scores of each example by a model of the other folds; -inf for what is not asked."""
    fold = _folds(truth, asked)
    held = np.full((len(truth), len(order)), -np.inf)
    for place in range(FOLDS):
        rows, others = np.flatnonzero(fold == place), np.flatnonzero(fold != place)
        if len(rows) and len(np.unique(truth[others])) > 1:
            model = train(truth[others], known.take(others))
            held[rows] = _NEVER
            held[np.ix_(rows, np.searchsorted(order, model.labels))] = model.scores(known.take(rows))
    return held


def fit(scores: Doubles, labels: Places) -> Doubles:
    """How well any of the intents fits; less where examples of none are near."""
    own = scores[:, labels != NONE]
    most = own.max(axis=1)
    energy: Doubles = np.log(np.exp(own - most[:, None]).sum(axis=1)) + most
    if NONE in labels:
        energy -= _NONE_SHARE * scores[:, labels == NONE][:, 0]
    return energy


def best_temperature(scores: Doubles, truth: Places) -> float:
    """The temperature with the least log loss."""
    if not len(truth):
        return 1.0
    rows, tried = np.arange(len(truth)), np.geomspace(0.3, 6, 40)
    return float(min(tried, key=lambda t: -np.log(softmax(scores / t)[rows, truth] + 1e-12).mean()))


def softmax(values: Doubles) -> Doubles:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    out: Doubles = powers / powers.sum(axis=1, keepdims=True)
    return out


def _learn(features: Floats, truth: Places, classes: int) -> Doubles:
    """Both regressions see the same features, so one column a class holds their sum."""
    wanted = np.eye(classes, dtype=np.float32)[truth] - 1 / classes
    square = (features.T @ features).astype(np.float64) + RIDGE * np.eye(features.shape[1])
    ridge = np.linalg.solve(square, (features.T @ wanted).astype(np.float64))
    return _logistic(features, truth, classes) + RIDGE_SHARE * ridge


def _logistic(features: Floats, truth: Places, classes: int) -> Doubles:
    rows, count = np.arange(len(truth)), len(truth)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        chances = softmax((features @ weights.astype(np.float32)).astype(np.float64))
        value = -np.log(chances[rows, truth] + 1e-12).mean()
        chances[rows, truth] -= 1
        slope = (features.T @ chances.astype(np.float32)).astype(np.float64) / count
        penalty = 1 / (STRENGTH * count)
        return float(value) + penalty * float((weights**2).sum()) / 2, slope + penalty * weights

    return minimise(loss, np.zeros((features.shape[1], classes)), STEPS, 1e-6)


def _likeness(one: Texts, other: Texts) -> Floats:
    near = np.exp(NEARNESS * (one.vectors @ other.vectors.T - 1))
    out: Floats = near + WORDS * one.words.shared(other.words)
    return out


def _landmarks(count: int) -> Places:
    if count <= LANDMARKS:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:LANDMARKS])


def _folds(truth: Places, asked: NDArray[np.bool_]) -> Places:
    """Each fold has its share of every class; -1 for what is not asked, which all may learn from."""
    fold = np.full(len(truth), -1)
    random = np.random.default_rng(0)
    for kind in np.unique(truth):
        rows = random.permutation(np.flatnonzero((truth == kind) & asked))
        fold[rows] = np.arange(len(rows)) % FOLDS
    return fold
