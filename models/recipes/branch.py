"""The triage branch: the encoder's last layers, copied and taught anew, pooled, with many small heads."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from socialai.inference.heads import OUTPUTS
from socialai.inference.surface import FEATURES

WIDTH, HEADS, INNER = 384, 12, 1536
FIRST_LAYER = 4
HIDDEN = 256
DROPOUT = 0.1
NEVER = -1e4


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        states = self.norm1(states + self.drop(self.attend(states, bias)))
        inner = functional.gelu(self.up(states))
        out: Tensor = self.norm2(states + self.drop(self.down(inner)))
        return out

    def attend(self, states: Tensor, bias: Tensor) -> Tensor:
        many, length, _ = states.shape
        query, key, value = (
            part(states).view(many, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        near = query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + bias
        mixed = self.drop(near.softmax(dim=-1)) @ value
        out: Tensor = self.out(mixed.transpose(1, 2).reshape(many, length, WIDTH))
        return out

    def copy(self, layer: Any) -> None:
        """Take the weights of a layer of transformers' BERT."""
        own, attention = layer.attention.self, layer.attention.output
        pairs = [
            (self.query, own.query), (self.key, own.key), (self.value, own.value),
            (self.out, attention.dense), (self.norm1, attention.LayerNorm),
            (self.up, layer.intermediate.dense), (self.down, layer.output.dense),
            (self.norm2, layer.output.LayerNorm),
        ]  # fmt: skip
        for mine, theirs in pairs:
            mine.load_state_dict(theirs.state_dict())


class Branch(nn.Module):
    """Token states, what they look like, → one row of numbers a text (socialai.inference.heads)."""

    def __init__(self, layers: int = 2) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Layer() for _ in range(layers)])
        self.worth = nn.Linear(WIDTH, 1)
        self.join = nn.Linear(3 * WIDTH + FEATURES, HIDDEN)
        self.drop = nn.Dropout(0.2)
        self.heads = nn.Linear(HIDDEN, OUTPUTS)

    def forward(self, states: Tensor, mask: Tensor, surfaces: Tensor) -> Tensor:
        real = mask.to(states.dtype)
        bias = (1 - real)[:, None, None, :] * NEVER
        for layer in self.layers:
            states = layer(states, bias)
        pooled = torch.cat([self.pool(states, real), surfaces], dim=1)
        out: Tensor = self.heads(self.drop(functional.gelu(self.join(self.drop(pooled)))))
        return out

    def pool(self, states: Tensor, real: Tensor) -> Tensor:
        """The mean, what counts most, and the first token."""
        mean = (states * real[:, :, None]).sum(dim=1) / real.sum(dim=1, keepdim=True)
        worth = (self.worth(states)[:, :, 0] + (1 - real) * NEVER).softmax(dim=1)
        most = (states * worth[:, :, None]).sum(dim=1)
        return torch.cat([mean, most, states[:, 0]], dim=1)


def new_branch(source: str, seed: int = 7, layers: int = 2) -> Branch:
    torch.manual_seed(seed)
    branch = Branch(layers)
    bert = AutoModel.from_pretrained(source)
    for mine, theirs in zip(branch.layers, bert.encoder.layer[6 - layers :], strict=True):
        mine.copy(theirs)
    return branch
