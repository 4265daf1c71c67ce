"""The path of a tenant's own intents, on public sets: examples are taught, then the test split is asked."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.sets import Row, accuracy, calibration_error, places, read
from socialai.inference.encoder import Encoder
from socialai.inference.intents import NONE, IntentsModel, Texts, fit, learn, read_texts, softmax, train
from socialai.resources import resource

IN_SCOPE = 0.952
"""What is asked of the validation split, where the border is chosen that finds most strangers."""


def banking(shared: Path) -> list[Result]:
    """BANKING77, the published 10 examples an intent; its name is an example too, as in the hub."""
    rows, test = read(shared, "banking77/fewshot_train_10"), read(shared, "banking77/test")
    found, error = _few(rows, test)
    return [
        Result(
            "Own intents: BANKING77, 10 examples", found, "%", "floor 86.3; CPFT 87.2, DNNC 86.7, USE 84.2"
        ),
        Result("Own intents: BANKING77, calibration error", error, "%", "0 is best"),
    ]


def clinc(shared: Path) -> list[Result]:
    few, test = read(shared, "clinc150/fewshot_train_10"), read(shared, "clinc150/test")
    found, _ = _few(few, test)
    strangers = [{**row, "label": NONE} for row in read(shared, "clinc150/oos_train")]
    full = read(shared, "clinc150/train")
    alone, taught = _full(shared, full, test), _full(shared, [*full, *strangers], test)
    floor = "floor 94.4 / 65.7; BERT 96.2 / 52.3"
    return [
        Result(
            "Own intents: CLINC150, 10 examples", found, "%", "floor 90.2; CPFT 94.2, DNNC 93.8, USE 90.9"
        ),
        Result("Own intents: CLINC150 in scope", alone[0], "%", floor),
        Result("Own intents: CLINC150 out of scope found", alone[1], "%", floor),
        Result("… with 100 examples of none: in scope", taught[0], "%", "BERT 96.9 / 40.3 (oos-train)"),
        Result("… with 100 examples of none: out of scope", taught[1], "%", "BERT 96.9 / 40.3 (oos-train)"),
    ]


def _few(rows: list[Row], test: list[Row]) -> tuple[float, float]:
    order = sorted({row["label"] for row in rows})
    texts = [_name(label) for label in order] + [row["text"] for row in rows]
    labels = [*range(len(order)), *places([row["label"] for row in rows], order).tolist()]
    asked = [False] * len(order) + [True] * len(rows)
    nobody = _encoded(["Hello"])
    model, _ = learn([label + 1 for label in labels], _encoded(texts), asked, nobody)
    scores, truth = model.scores(_encoded([row["text"] for row in test])), [row["label"] for row in test]
    said, right = scores.argmax(axis=1), places(truth, order)
    confidence = softmax(scores / model.temperature).max(axis=1).astype(np.float32)
    return accuracy(said, right), 100 * calibration_error(confidence, said == right)


def _full(shared: Path, rows: list[Row], test: list[Row]) -> tuple[float, float]:
    """In-scope accuracy and out-of-scope recall, the border chosen on the validation splits."""
    order = sorted({row["label"] for row in rows if row["label"] != NONE})
    known = {label: place + 1 for place, label in enumerate(order)} | {NONE: NONE}
    model = train(np.array([known[row["label"]] for row in rows]), _encoded([row["text"] for row in rows]))
    tuning, strange = read(shared, "clinc150/val"), read(shared, "clinc150/oos_val")
    right, power = _asked(model, tuning, known)
    borders = np.unique(np.concatenate([power, _asked(model, strange, known)[1]]))
    kept = [border for border in borders if (right & (power >= border)).mean() >= IN_SCOPE]
    border = max(kept, default=borders[0])
    right, power = _asked(model, test, known)
    unknown = _asked(model, read(shared, "clinc150/oos_test"), known)[1]
    return 100 * float((right & (power >= border)).mean()), 100 * float((unknown < border).mean())


def _asked(model: IntentsModel, rows: list[Row], known: dict[Any, int]) -> tuple[NDArray[np.bool_], Any]:
    """Whether the best of the intents is right, and how well any fits."""
    scores = model.scores(_encoded([row["text"] for row in rows]))
    own = np.where(model.labels == NONE, -np.inf, scores)
    truth = np.array([known.get(row["label"], -1) for row in rows])
    return model.labels[own.argmax(axis=1)] == truth, fit(scores, model.labels)


def _encoded(texts: list[str]) -> Texts:
    return read_texts(texts, _vectors(tuple(texts)))


@cache
def _vectors(texts: tuple[str, ...]) -> NDArray[np.float32]:
    """Sets are asked again with other examples."""
    return Encoder(resource("models", "encoder")).encode(texts)


def _name(label: str) -> str:
    return label.replace("_", " ").lower()
