"""The encoder's own worth on public intents: probes as others train them, on the test splits."""

from pathlib import Path

import msgspec
import numpy as np

from socialai.cli.evaluate.probe import Floats, Places, Probe
from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.sets import Row, accuracy, f1, places, read
from socialai.inference.encoder import Encoder
from socialai.resources import resource

THRESHOLDS = np.linspace(0.02, 0.98, 97)


def banking(shared: Path) -> list[Result]:
    """BANKING77: 77 intents of a bank's customers."""
    test = read(shared, "banking77/test")
    few, all_ = (_score(read(shared, f"banking77/{split}"), test) for split in ("fewshot_train_10", "train"))
    return [
        Result(
            "BANKING77, 10 examples an intent", few, "%", f"floor 86.3 with fp32 vectors; {_validation()}"
        ),
        Result("BANKING77, all examples", all_, "%", "floor 92.95 with fp32 vectors; BERT tuned 93.7"),
    ]


def _validation() -> str:
    """What the recipe found on the validation split, before and after quantisation."""
    metrics = msgspec.json.decode(resource("models", "encoder", "manifest.json").read_bytes())["metrics"]
    fp32, int8 = (metrics[f"banking77_10_shot_valid_{kind}"] for kind in ("fp32", "int8"))
    return f"on valid, fp32 {fp32} and int8 {int8}"


def clinc(shared: Path) -> list[Result]:
    """CLINC150: 150 intents, and questions that are none of them (threshold tuned on val, as Larson 2019)."""
    encode = Encoder(resource("models", "encoder")).encode
    train, tuning, test = (read(shared, f"clinc150/{split}") for split in ("train", "val", "test"))
    labels = sorted({row["label"] for row in train})
    probe = Probe(encode(_texts(train)), _labels(train, labels))
    known, unknown = (
        probe.chances(encode(_texts(rows))) for rows in (tuning, read(shared, "clinc150/oos_val"))
    )
    threshold = _best_threshold(known, _labels(tuning, labels), unknown)
    said = probe.chances(encode(_texts(test)))
    right = (said.argmax(axis=1) == _labels(test, labels)) & (said.max(axis=1) >= threshold)
    refused = probe.chances(encode(_texts(read(shared, "clinc150/oos_test")))).max(axis=1) < threshold
    return [
        Result(
            "CLINC150 in scope", 100 * float(right.mean()), "%", "floor 94.4 with fp32 vectors; BERT 96.2"
        ),
        Result("CLINC150 out of scope found", 100 * float(refused.mean()), "%", "floor 65.7; BERT 52.3"),
    ]


def actions(shared: Path) -> list[Result]:
    """Does a sentence of an e-mail ask for an action?"""
    encode = Encoder(resource("models", "encoder")).encode
    train, test = (read(shared, f"email_intent/{split}") for split in ("train", "test"))
    probe = Probe(encode(_texts(train)), _labels(train, ["No", "Yes"]))
    found = f1(probe.places(encode(_texts(test))), _labels(test, ["No", "Yes"]))
    return [Result("E-mail asks for an action, F1", found, "%", "floor 68.0 with fp32 vectors")]


def _score(train: list[Row], test: list[Row]) -> float:
    encode = Encoder(resource("models", "encoder")).encode
    labels = sorted({row["label"] for row in train})
    probe = Probe(encode(_texts(train)), _labels(train, labels))
    return accuracy(probe.places(encode(_texts(test))), _labels(test, labels))


def _best_threshold(known: Floats, truth: Places, unknown: Floats) -> float:
    """The most right answers over known and unknown together."""
    right = known.argmax(axis=1) == truth

    def correct(threshold: float) -> int:
        kept = right & (known.max(axis=1) >= threshold)
        return int(kept.sum() + (unknown.max(axis=1) < threshold).sum())

    return float(max(THRESHOLDS, key=correct))


def _texts(rows: list[Row]) -> list[str]:
    return [row["text"] for row in rows]


def _labels(rows: list[Row], order: list[str]) -> Places:
    return places([row["label"] for row in rows], order)
