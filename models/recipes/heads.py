"""Train small heads over sentence vectors: hidden = activation(v·w1 + b1), out = hidden·w2 + b2."""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge
from torch import nn

Floats = NDArray[np.float32]
Classes = NDArray[np.int64]
Weights = dict[str, Floats]

NEARNESS = 1.0  # how fast likeness falls with distance
STRENGTH = 100.0
RIDGE = 0.3
BATCH = 512
STEPS = 700


def train_classes(vectors: Floats, truth: Classes, weights: Floats, examples: Floats) -> Weights:
    """Logistic regression over the likeness exp(2(v·e − 1)) of a vector to each example (unit length)."""
    hidden, whiten = near(examples)
    model = LogisticRegression(C=STRENGTH, max_iter=300)
    model.fit(likeness(hidden, vectors) @ whiten, truth, sample_weight=weights)
    return hidden | {"w2": single(whiten @ model.coef_.T), "b2": single(model.intercept_)}


def train_correction(vectors: Floats, missing: Floats, weights: Floats, examples: Floats) -> Weights:
    """Ridge regression over the same likeness: what is to be added to a score."""
    hidden, whiten = near(examples)
    model = Ridge(alpha=RIDGE)
    model.fit(likeness(hidden, vectors) @ whiten, missing, sample_weight=weights)
    return hidden | {"w2": single(whiten @ model.coef_)[:, None], "b2": single(np.array([model.intercept_]))}


def near(examples: Floats) -> tuple[Weights, NDArray[np.float64]]:
    """The likeness to each example, and the space in which the penalty is on the function they make."""
    hidden = {"w1": 2 * NEARNESS * examples.T, "b1": np.full(len(examples), -2 * NEARNESS, np.float32)}
    sizes, ways = np.linalg.eigh(likeness(hidden, examples).astype(np.float64))
    return hidden, ways / np.sqrt(np.maximum(sizes, 1e-4))


def single(values: NDArray[np.floating]) -> Floats:
    return values.astype(np.float32)


def likeness(head: Weights, vectors: Floats) -> Floats:
    out: Floats = np.exp(vectors @ head["w1"] + head["b1"])
    return out


def train_score(
    vectors: Floats, truth: Floats, weights: Floats, hidden: int = 96, noise: float = 0.03, seed: int = 7
) -> Weights:
    """One score −1…1 (tanh). Examples are drawn by weight; noise keeps a few from being learnt by heart."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    model = nn.Sequential(nn.Linear(384, hidden), nn.ReLU(), nn.Dropout(0.3), nn.Linear(hidden, 1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=STEPS)
    x, y = torch.from_numpy(vectors), torch.from_numpy(truth)
    drawn = torch.multinomial(torch.from_numpy(weights).double(), STEPS * BATCH, replacement=True)
    for places in drawn.view(STEPS, BATCH):
        said = torch.tanh(model(x[places] + noise * torch.randn(BATCH, 384))[:, 0])
        loss = nn.functional.huber_loss(said, y[places], delta=0.3)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    values = {name: value.detach().numpy().T.copy() for name, value in model.named_parameters()}
    return {
        "w1": values["0.weight"],
        "b1": values["0.bias"],
        "w2": values["3.weight"],
        "b2": values["3.bias"],
    }


def together(heads: list[Weights]) -> Weights:
    """One head that says the mean of several, which depends less on chance."""
    return {
        "w1": np.hstack([head["w1"] for head in heads]),
        "b1": np.concatenate([head["b1"] for head in heads]),
        "w2": np.vstack([head["w2"] for head in heads]) / len(heads),
        "b2": np.mean([head["b2"] for head in heads], axis=0),
    }


def score(head: Weights, vectors: Floats) -> Floats:
    out: Floats = np.tanh(np.maximum(vectors @ head["w1"] + head["b1"], 0) @ head["w2"] + head["b2"])[:, 0]
    return out


def over_likeness(head: Weights, vectors: Floats) -> Floats:
    out: Floats = likeness(head, vectors) @ head["w2"] + head["b2"]
    return out
