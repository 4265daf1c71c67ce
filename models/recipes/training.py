"""Teach the branch on kept states: the trunk below it never changes, so that a step costs little."""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from socialai.inference.heads import OUTPUTS

from .branch import Branch
from .examples import Example
from .states import Floats, States
from .targets import Targets, loss_of, targets_of

BATCH = 64
POOL = 16  # batches that are drawn together, so that texts of like length meet
FORGET = 0.1  # of the tokens are hidden from the branch at each step
BODY_RATE, HEAD_RATE = 2e-4, 1e-3

Places = NDArray[np.int64]


class Material(NamedTuple):
    """Examples with all that is computed of them."""

    examples: Sequence[Example]
    states: States
    targets: Targets

    @classmethod
    def of(cls, examples: Sequence[Example], states: States) -> "Material":
        return cls(examples, states, targets_of(examples))


def device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def teach(
    branch: Branch, material: Material, weights: Floats, steps: int, seed: int, rate: float = 1.0
) -> Branch:
    """`weights` is how often each example is drawn, beside the others; `rate` how fast the layers change."""
    torch.manual_seed(seed)
    where = device()
    branch = branch.to(where).train()
    heads = [*branch.join.parameters(), *branch.heads.parameters(), *branch.worth.parameters()]
    rates = (rate * BODY_RATE, HEAD_RATE)
    groups = [{"params": list(branch.layers.parameters()), "lr": rates[0]}, {"params": heads, "lr": rates[1]}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, list(rates), total_steps=steps, pct_start=0.1)
    for step, rows in enumerate(drawn(material.states, weights, steps, seed)):
        states, mask = padded(material.states, rows)
        mask = mask * (torch.rand(mask.shape) > FORGET)
        mask[:, 0] = 1
        surfaces = torch.from_numpy(material.states.surfaces[rows])
        with torch.autocast(where, torch.bfloat16):
            said = branch(states.to(where), mask.to(where), surfaces.to(where))
        loss = loss_of(said.float(), Targets(*(part[rows].to(where) for part in material.targets)))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 100 == 99:
            sys.stdout.write(f"  step {step + 1} of {steps}, loss {loss.item():.3f}\n")
            sys.stdout.flush()
    return branch.eval()


def drawn(states: States, weights: Floats, steps: int, seed: int) -> Iterator[Places]:
    """Rows of each step, as often as their weights say, spread evenly; texts of like length together."""
    rng = np.random.default_rng(seed)
    chances = weights.astype(np.float64) / weights.sum()
    lengths = np.diff(states.starts)
    for done in range(0, steps, POOL):
        count = min(POOL, steps - done)
        spots = (np.arange(count * BATCH) + rng.random(count * BATCH)) / (count * BATCH)
        order = rng.permutation(len(chances))
        rows = order[np.minimum(np.searchsorted(np.cumsum(chances[order]), spots), len(order) - 1)]
        rows = rows[np.argsort(lengths[rows], kind="stable")].reshape(count, BATCH)
        yield from rng.permutation(rows)


def padded(states: States, rows: Places) -> tuple[Tensor, Tensor]:
    starts, ends = states.starts[rows], states.starts[rows + 1]
    out = np.zeros((len(rows), int((ends - starts).max()), states.tokens.shape[1]), np.float32)
    mask = np.zeros(out.shape[:2], np.float32)
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        out[row, : end - start] = states.tokens[start:end]
        mask[row, : end - start] = 1
    return torch.from_numpy(out), torch.from_numpy(mask)


def says(branch: Branch, states: States, rows: Places) -> Floats:
    """Row n is what the branch says of the text at `rows[n]`."""
    if not len(rows):
        return np.empty((0, OUTPUTS), np.float32)
    where, out = device(), []
    order = np.argsort(np.diff(states.starts)[rows], kind="stable")
    with torch.no_grad():
        for some in np.array_split(order, max(1, len(order) // 128)):
            tokens, mask = padded(states, rows[some])
            surfaces = torch.from_numpy(states.surfaces[rows[some]])
            out.append(branch(tokens.to(where), mask.to(where), surfaces.to(where)).float().cpu().numpy())
    said = np.concatenate(out)
    return said[np.argsort(order)]
