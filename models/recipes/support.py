"""Train the judge that says how well the knowledge supports a sentence of a reply.

A small net in which more agreement can never mean less support: its weights are kept from going below zero.
How sure it may be is set on examples that it had not seen (cross-validation over places and businesses). Only
numpy is needed: `python -m models.recipes.support`.
"""

import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialai.cli.evaluate.sets import area
from socialai.inference.encoder import Encoder
from socialai.inference.link import Floats, Link, Linker
from socialai.inference.support import CONTRADICTED, OPPOSITE, chances, weigher

from .manifest import MODELS, encoder_beside, options, print_metrics, write_manifest
from .support_examples import Example, examples

Truth = NDArray[np.bool_]
FOLDS = 5
HIDDEN = 8
STEPS = 800
RATE = 0.02
DECAY = 1e-3
COMMONEST = 6000


def common_words() -> list[str]:
    """The encoder's vocabulary is in the order of how common its words are."""
    text = (MODELS / "encoder" / "tokenizer.json").read_text(encoding="utf-8")
    vocabulary = json.loads(text)["model"]["vocab"]
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    return [word for word in ordered if re.fullmatch(r"[a-z]{2,}|[ai]", word)][:COMMONEST]


def fit(figures: Floats, truth: Truth, weights: Floats) -> list[Floats]:
    """Mean, scale and the layers, by Adam; each side of the truth weighs the same."""
    random = np.random.default_rng(0)
    mean, scale = figures.mean(0), figures.std(0) + 1e-2
    x, width = (figures - mean) / scale, figures.shape[1]
    layers = [
        np.abs(random.normal(0, 0.3 / np.sqrt(width), (width, HIDDEN))),
        random.normal(0, 0.5, HIDDEN),
        np.abs(random.normal(0, 1 / np.sqrt(HIDDEN), (HIDDEN, 1))),
        np.zeros(1),
    ]
    share = weights * np.where(truth, 0.5 / weights[truth].sum(), 0.5 / weights[~truth].sum())
    first, second = ([np.zeros_like(layer) for layer in layers] for _ in range(2))
    for step in range(STEPS):
        for at, slope in enumerate(slopes(x, truth, share, layers)):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.999 * second[at] + 0.001 * slope**2
            size = np.sqrt(second[at] / (1 - 0.999 ** (step + 1))) + 1e-8
            move = first[at] / (1 - 0.9 ** (step + 1)) / size
            layers[at] = layers[at] - RATE * (1 - step / STEPS) * move
        layers[0], layers[2] = np.maximum(layers[0], 0), np.maximum(layers[2], 0)
    return [mean, scale, *layers]


def slopes(x: Floats, truth: Truth, share: Floats, layers: list[Floats]) -> list[Floats]:
    w1, b1, w2, b2 = layers
    hidden = np.tanh(x @ w1 + b1)
    miss = (share * (1 / (1 + np.exp(-(hidden @ w2 + b2)[:, 0])) - truth))[:, None]
    back = miss @ w2.T * (1 - hidden**2)
    return [x.T @ back + DECAY * w1, back.sum(0), hidden.T @ miss + DECAY * w2, miss.sum(0)]


def held_out(figures: Floats, found: list[Example], truth: Truth, weights: Floats) -> Floats:
    """What each example gets from a net that saw nothing of its place or business."""
    fold = np.array([zlib.crc32(one.group.encode()) % FOLDS for one in found])
    out = np.zeros(len(found))
    for place in range(FOLDS):
        rest = fold != place
        out[~rest] = chances(fit(figures[rest], truth[rest], weights[rest]), figures[~rest])
    return out


def calibration(held: Floats, truth: Truth, weights: Floats) -> tuple[float, float]:
    """Factor and shift of the net's logit with which 0.8 is right in eight of ten (Newton's method)."""
    logit = np.log(np.clip(held, 1e-6, 1 - 1e-6) / np.clip(1 - held, 1e-6, 1))
    x, at = np.stack([logit, np.ones_like(logit)], 1), np.array([1.0, 0.0])
    share = weights * np.where(truth, 0.5 / weights[truth].sum(), 0.5 / weights[~truth].sum())
    for _ in range(20):
        chance = 1 / (1 + np.exp(-x @ at))
        at = at - np.linalg.solve(
            (x.T * (share * chance * (1 - chance))) @ x, x.T @ (share * (chance - truth))
        )
    return float(at[0]), float(at[1])


def contradicted(link: Link) -> bool:
    return any(not doubt.startswith(OPPOSITE) for doubt in link.doubts)


def build(folder: Path) -> dict[str, Any]:
    encoder = Encoder(encoder_beside(folder), threads=2)
    found, words = examples(encoder.encode), common_words()
    linker = Linker(weigher(words))
    links = [linker.link(one.claim, one.candidates) for one in found]
    figures = np.stack([link.figures for link in links])
    truth, weights = np.array([one.supported for one in found]), np.array([one.weight for one in found])
    held = held_out(figures, found, truth, weights)
    slope, shift = calibration(held, truth, weights)
    mean, scale, w1, b1, w2, b2 = fit(figures, truth, weights)
    arrays = {"mean": mean, "scale": scale, "w1": w1, "b1": b1, "w2": slope * w2, "b2": slope * b2 + shift}
    save(folder, arrays, words)
    said = np.where([contradicted(link) for link in links], held * CONTRADICTED, held)
    return {"examples": len(found), **measures(said, found, truth)}


def measures(said: Floats, found: list[Example], truth: Truth) -> dict[str, float]:
    kinds = np.array([one.kind for one in found])
    right = {kind: float(((said >= 0.5) == truth)[kinds == kind].mean()) for kind in dict.fromkeys(kinds)}
    own = kinds == "own"
    return {
        "auroc": round(area(said[truth].tolist(), said[~truth].tolist()) or 0, 3),
        "auroc_own": round(area(said[truth & own].tolist(), said[~truth & own].tolist()) or 0, 3),
        **{f"right_{kind}": round(value, 3) for kind, value in right.items()},
    }


def save(folder: Path, arrays: dict[str, Floats], words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    layers = {name: value.astype(np.float32) for name, value in arrays.items()}
    kept: dict[str, Any] = {"words": np.array(words), **layers}
    np.savez_compressed(folder / "head.npz", **kept)
    write_manifest(
        folder,
        {
            "name": "socialai-support-1",
            "purpose": "Whether the knowledge says a sentence of a reply",
            "source": "Trained here, on the sets named in models/NOTICE.md",
            "licence": "Apache-2.0",
            "recipe": "models/recipes/support.py",
        },
    )


if __name__ == "__main__":
    print_metrics(build(options("support").parse_args().out))
