"""How the branch's numbers are read: chosen on what it was not taught."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialai.inference.heads import CHOICES, EMOTIONS, MARKS, PARTS, place_of

from .examples import Example
from .states import Floats
from .targets import Targets

Bools = NDArray[np.bool_]

LEANINGS = np.arange(-1.2, 1.21, 0.3)
TEMPERATURES = np.arange(0.4, 3, 0.05)
ALARM_RECALL = 0.95
STRANGE = 0.005  # of our own messages that may be taken for none of a shop's business
EVEN = ("spam", "complaint", "purchase")


def softmax(values: Floats, temperature: float = 1.0) -> Floats:
    powers = np.exp((values - values.max(axis=1, keepdims=True)) / temperature)
    out: Floats = powers / powers.sum(axis=1, keepdims=True)
    return out


def calibrate(
    said: Floats, targets: Targets, examples: Sequence[Example], comments: Floats | None, felt: Targets | None
) -> dict[str, Any]:
    """`said` is of examples that were kept out, `comments` of GoEmotions' validation split, `felt`.

    How sure the model may be is learnt from what customers usually write, not from what was made to be hard.
    """
    own = np.array([one.source == "own" for one in examples])
    usual = np.array([not one.hard for one in examples])[own]
    marks = targets.marks.numpy()
    borders = dict.fromkeys(EVEN, 0.0)
    leanings = {"intent": [0.0] * len(CHOICES["intent"]), "mood_elsewhere": [0.0] * len(CHOICES["mood"])}
    borders |= dict.fromkeys(("action", *EMOTIONS), 0.0)
    if comments is not None and felt is not None:
        asked = np.array([one.source == "email" for one in examples])
        borders["action"] = best_f1_border(
            said[asked, place_of("action")], marks[asked, MARKS.index("action")] > 0
        )
        for place, name in enumerate(EMOTIONS):
            borders[name] = best_f1_border(comments[:, place_of(name)], felt.emotions[:, place].numpy() > 0)
        leanings["mood_elsewhere"] = even_leaning(comments[:, PARTS["mood"]], felt.mood.numpy())
    borders["alarm"] = alarm_border(said[own, place_of("alarm")], marks[own, MARKS.index("alarm")])
    borders["business"] = float(np.quantile(said[own, place_of("business")], STRANGE))
    truths = {name: getattr(targets, name).numpy()[own] for name in CHOICES}
    values = {name: said[own, PARTS[name]] for name in CHOICES}
    return {
        "temperatures": {
            name: best_temperature(values[name][usual], truths[name][usual]) for name in CHOICES
        },
        "leanings": leanings
        | {name: best_leaning(values[name], truths[name]) for name in ("mood", "urgency")},
        "borders": {name: round(border, 4) for name, border in borders.items()},
    }


def best_temperature(values: Floats, truth: Floats) -> float:
    """The temperature with the least log loss; an acceptable second intent is right too."""
    known = truth.sum(axis=1) > 0
    values, right = values[known], truth[known] > 0
    losses = [-np.log((softmax(values, t) * right).sum(axis=1) + 1e-9).mean() for t in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 2)


def best_leaning(values: Floats, truth: Floats) -> list[float]:
    """What to add to each class: half for how many are right, half for each class being found."""
    classes = truth.argmax(axis=1)

    def worth(leaning: tuple[float, ...]) -> float:
        right = (values + np.array(leaning)).argmax(axis=1) == classes
        found = [right[classes == kind].mean() for kind in range(truth.shape[1]) if (classes == kind).any()]
        return float(right.mean() + np.mean(found) - 0.01 * np.abs(leaning).sum())

    tried = [(0.0, *rest) for rest in product(LEANINGS.tolist(), repeat=truth.shape[1] - 1)]
    return [round(float(value), 2) for value in max(tried, key=worth)]


def even_leaning(values: Floats, truth: Floats) -> list[float]:
    """What to add to each mood so that good, bad and neither are found equally often; angry is bad."""
    known = truth.sum(axis=1) > 0
    chances, right = softmax(values[known]), truth[known] > 0
    bad, calm, good = np.log(chances[:, 0] + chances[:, 1]), np.log(chances[:, 2]), np.log(chances[:, 3])
    kind = np.where(right[:, 2], 1, np.where(right[:, 3], 2, 0))

    def worth(pair: tuple[float, float]) -> float:
        found = np.stack([bad + pair[0], calm, good + pair[1]], axis=1).argmax(axis=1)
        return float(np.mean([(found[kind == one] == one).mean() for one in range(3)]))

    low, high = max(product(np.arange(-1, 3, 0.1).tolist(), repeat=2), key=worth)
    return [round(low, 2), round(low, 2), 0.0, round(high, 2)]


def alarm_border(said: Floats, truth: Floats) -> float:
    """The highest over which enough of what a person must see is found."""
    return float(np.quantile(said[truth > 0], 1 - ALARM_RECALL)) - 1e-4


def best_f1_border(said: Floats, truth: Bools) -> float:
    """Over no fewer than a third and no more than three times as many as there are."""
    share = float(truth.mean())
    tried = np.quantile(said, np.clip(np.linspace(1 - 3 * share, 1 - share / 3, 200), 0, 1))
    return float(max(tried, key=lambda border: f1(said > border, truth)))


def f1(said: Bools, truth: Bools) -> float:
    return float(2 * (said & truth).sum() / max(1, said.sum() + truth.sum()))


def calibration_error(chances: Floats, right: Bools, bins: int = 10) -> float:
    """How far confidence is from accuracy, over equal bins of confidence."""
    place = np.minimum((chances * bins).astype(int), bins - 1)
    return float(sum(abs((chances - right)[place == one].sum()) for one in range(bins)) / len(right))


def measure(calibration: dict[str, Any], said: Floats, targets: Targets) -> dict[str, float]:
    """Figures on our own messages that were kept out; an acceptable intent counts as right."""
    figures: dict[str, float] = {}
    for name in CHOICES:
        truth = getattr(targets, name).numpy()
        found = (said[:, PARTS[name]] + np.array(calibration["leanings"][name])).argmax(axis=1)
        right = truth[np.arange(len(found)), found] > 0
        figures[f"{name}_accuracy"] = float(right.mean())
        if name == "intent":
            sure = softmax(said[:, PARTS[name]], calibration["temperatures"][name]).max(axis=1)
            figures["intent_ece"] = calibration_error(sure, right)
        if name == "urgency":
            figures |= found_of("urgency_high", found == 2, truth[:, 2] > 0)
    alarms = said[:, place_of("alarm")] > calibration["borders"]["alarm"]
    figures |= found_of("alarm", alarms, targets.marks[:, MARKS.index("alarm")].numpy() > 0)
    return {name: round(value, 4) for name, value in figures.items()}


def found_of(name: str, said: Bools, truth: Bools) -> dict[str, float]:
    both = float((said & truth).sum())
    return {f"{name}_recall": both / max(1, truth.sum()), f"{name}_precision": both / max(1, said.sum())}
