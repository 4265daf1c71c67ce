"""Train one small head over sentence vectors: 384 → hidden → outputs."""

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

BATCH = 512


def train(
    vectors: Floats,
    targets: NDArray[np.generic],
    weights: Floats,
    *,
    kind: Literal["classes", "score"],
    outputs: int,
    hidden: int = 96,
    epochs: int = 6,
    decay: float = 0.02,
    noise: float = 0.03,
    smoothing: float = 0.05,
    seed: int = 7,
) -> Weights:
    """Examples are drawn by weight; noise on the vectors keeps a few messages from being learnt by heart."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    model = nn.Sequential(nn.Linear(384, hidden), nn.ReLU(), nn.Dropout(0.3), nn.Linear(hidden, outputs))
    steps = max(300, epochs * len(vectors) // BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    x, y = torch.from_numpy(vectors), torch.from_numpy(targets)
    draw = torch.utils.data.WeightedRandomSampler(torch.from_numpy(weights).double().tolist(), steps * BATCH)
    classes = nn.CrossEntropyLoss(label_smoothing=smoothing)
    for places in torch.tensor(list(draw)).view(steps, BATCH):
        out = model(x[places] + noise * torch.randn(BATCH, 384))
        loss = (
            classes(out, y[places])
            if kind == "classes"
            else nn.functional.huber_loss(torch.tanh(out[:, 0]), y[places], delta=0.3)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    first, last = model[0], model[3]
    return {
        "w1": first.weight.detach().numpy().T.copy(),
        "b1": first.bias.detach().numpy().copy(),
        "w2": last.weight.detach().numpy().T.copy(),
        "b2": last.bias.detach().numpy().copy(),
    }


def apply(head: Weights, vectors: Floats) -> Floats:
    hidden = np.maximum(vectors @ head["w1"] + head["b1"], 0)
    out: Floats = hidden @ head["w2"] + head["b2"]
    return out
