"""What the branch shall say of each example, as arrays, and how wrong it is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from socialai.inference.heads import CHOICES, EMOTIONS, MARKS, PARTS

from .examples import Example

ALSO = 0.3  # how right an acceptable second intent is
SHARES = {"intent": 1.0, "mood": 1.0, "urgency": 1.0, "marks": 6.0, "emotions": 10.0}


class Targets(NamedTuple):
    """For each choice how right each of its names is (all 0: unknown); for marks and emotions 0, 1 or
    nan (unknown)."""

    intent: Tensor
    mood: Tensor
    urgency: Tensor
    marks: Tensor
    emotions: Tensor

    def take(self, rows: Tensor) -> "Targets":
        return Targets(*(part[rows] for part in self))


def targets_of(examples: Sequence[Example]) -> Targets:
    count = len(examples)
    choices = {name: np.zeros((count, len(names)), np.float32) for name, names in CHOICES.items()}
    marks = np.full((count, len(MARKS)), np.nan, np.float32)
    emotions = np.full((count, len(EMOTIONS)), np.nan, np.float32)
    for row, example in enumerate(examples):
        for place, intent in enumerate(example.intents):
            choices["intent"][row, CHOICES["intent"].index(intent)] = ALSO if place else 1
        for mood in example.moods:
            choices["mood"][row, CHOICES["mood"].index(mood)] = 1
        if example.urgency:
            choices["urgency"][row, CHOICES["urgency"].index(example.urgency)] = 1
        for mark, value in example.marks.items():
            marks[row, MARKS.index(mark)] = value
        if example.emotions:
            emotions[row] = [name in example.emotions for name in EMOTIONS]
    return Targets(*map(torch.from_numpy, (*choices.values(), marks, emotions)))


def loss_of(said: Tensor, targets: Targets, smooth: float = 0.02) -> Tensor:
    total = said.new_zeros(())
    for name, share in SHARES.items():
        part, truth = said[:, PARTS[name]], getattr(targets, name)
        error = choice_error(part, truth, smooth) if name in CHOICES else mark_error(part, truth)
        total = total + share * error
    return total


def choice_error(said: Tensor, truth: Tensor, smooth: float) -> Tensor:
    """Summed over those known, divided by all: a head counts by how much is known of it."""
    known = truth.sum(dim=1) > 0
    chances = said[known].softmax(dim=1)
    right = ((truth[known] * (1 - smooth) + smooth * 0.5) * chances).sum(dim=1)
    return -right.clamp(min=1e-6).log().sum() / len(said)


def mark_error(said: Tensor, truth: Tensor) -> Tensor:
    known = ~truth.isnan()
    errors = functional.binary_cross_entropy_with_logits(said[known], truth[known], reduction="sum")
    return errors / truth.numel()
